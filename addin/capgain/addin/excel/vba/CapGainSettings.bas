Attribute VB_Name = "CapGainSettings"
Option Explicit
Option Private Module
' One row of the Settings sheet, read and written by the drop-downs of the ribbon.

Public Function CapGainSetting(ByVal Wb As Workbook, ByVal Name As String) As String
    ' The value beside Name on the Settings sheet, "" where it is not stated.
    Dim Cell As Range
    Set Cell = CapGainSettingCell(Wb, Name)
    If Cell Is Nothing Then Exit Function
    If Not IsError(Cell.Value2) Then CapGainSetting = CStr(Cell.Value2)
End Function

Public Sub CapGainWriteSetting(ByVal Wb As Workbook, ByVal Name As String, ByVal Value As Variant)
    ' Writes Value beside Name, in a row of its own at the end where Name is not stated yet.
    Dim Cell As Range
    Dim Sheet As Worksheet
    Dim Row As Long
    Set Cell = CapGainSettingCell(Wb, Name)
    If Cell Is Nothing Then
        Set Sheet = CapGainSettingsSheet(Wb)
        If Sheet Is Nothing Then
            Set Sheet = Wb.Worksheets.Add(After:=Wb.Worksheets(Wb.Worksheets.Count))
            Sheet.Name = "Settings"
            Sheet.Range("A1").Value2 = "Name"
            Sheet.Range("B1").Value2 = "Value"
        End If
        Row = Sheet.UsedRange.Row + Sheet.UsedRange.Rows.Count
        Sheet.Cells(Row, 1).Value2 = Name
        Set Cell = Sheet.Cells(Row, 2)
    End If
    Cell.Value2 = Value
End Sub

Private Function CapGainSettingsSheet(ByVal Wb As Workbook) As Worksheet
    On Error Resume Next
    Set CapGainSettingsSheet = Wb.Worksheets("Settings")
    On Error GoTo 0
End Function

Private Function CapGainSettingCell(ByVal Wb As Workbook, ByVal Name As String) As Range
    Dim Sheet As Worksheet
    Dim Row As Long
    Dim Last As Long
    Set Sheet = CapGainSettingsSheet(Wb)
    If Sheet Is Nothing Then Exit Function
    Last = Sheet.UsedRange.Row + Sheet.UsedRange.Rows.Count - 1
    For Row = 1 To Last
        If Not IsError(Sheet.Cells(Row, 1).Value2) Then
            If LCase$(Replace(CStr(Sheet.Cells(Row, 1).Value2), " ", "")) = LCase$(Replace(Name, " ", "")) Then
                Set CapGainSettingCell = Sheet.Cells(Row, 2)
                Exit Function
            End If
        End If
    Next Row
End Function
