Attribute VB_Name = "CapGainFormats"
Option Explicit
Option Private Module
' How the cells of a range look where that may say something of them: the number format (an amount in euros) and a line
' through the text. Excel gives one answer for many cells, and Null where they differ: those are looked at in parts.

Public Function CapGainFormatsOf(ByVal Target As Range) As String
    ' Areas, each as row, column, last row, last column of the sheet, 1 for a line through the text, number format.
    Dim Found As String
    CapGainAddFormats Target, True, Found
    CapGainFormatsOf = Found
End Function

Private Sub CapGainAddFormats(ByVal Target As Range, ByVal HasHeading As Boolean, ByRef Found As String)
    Dim Shown As Variant
    Dim Struck As Variant
    Dim RowCount As Long
    Dim ColumnCount As Long
    Dim Part As Long
    RowCount = Target.Rows.Count
    ColumnCount = Target.Columns.Count
    Shown = Target.NumberFormat
    Struck = Target.Font.Strikethrough
    If (IsNull(Shown) Or IsNull(Struck)) And (RowCount > 1 Or ColumnCount > 1) Then
        If ColumnCount > 1 Then
            Part = ColumnCount \ 2
            CapGainAddFormats Target.Resize(RowCount, Part), HasHeading, Found
            CapGainAddFormats Target.Offset(0, Part).Resize(RowCount, ColumnCount - Part), HasHeading, Found
        Else
            ' Most columns have one format under a heading of another.
            Part = RowCount \ 2
            If HasHeading Then Part = 1
            CapGainAddFormats Target.Resize(Part, 1), False, Found
            CapGainAddFormats Target.Offset(Part, 0).Resize(RowCount - Part, 1), False, Found
        End If
        Exit Sub
    End If
    ' Of one cell it is Null where a part of the text has a line.
    If IsNull(Struck) Then Struck = False
    If Not (Struck Or CapGainMaySay(CStr(Shown))) Then Exit Sub
    Found = Found & CStr(Target.Row) & Chr$(1) & CStr(Target.Column) & Chr$(1) & CStr(Target.Row + RowCount - 1) & _
        Chr$(1) & CStr(Target.Column + ColumnCount - 1) & Chr$(1) & CStr(Abs(CLng(CBool(Struck)))) & Chr$(1) & _
        CStr(Shown) & Chr$(2)
End Sub

Private Function CapGainMaySay(ByVal NumberFormat As String) As Boolean
    ' Whether a number format shows a word or a sign; Python reads which.
    Dim Place As Long
    Dim Letter As Long
    For Place = 1 To Len(NumberFormat)
        Select Case Mid$(NumberFormat, Place, 1)
            Case """", "\", "%"
                CapGainMaySay = True
            Case "["
                If Mid$(NumberFormat, Place + 1, 1) = "$" Then CapGainMaySay = True
            Case Else
                Letter = AscW(Mid$(NumberFormat, Place, 1))
                If Letter < 0 Or Letter > 127 Then CapGainMaySay = True
        End Select
        If CapGainMaySay Then Exit Function
    Next Place
End Function
