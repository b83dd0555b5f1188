Attribute VB_Name = "CapGainWorkbooks"
Option Explicit
Option Private Module
' Open workbooks: links repaired, formulas recalculated when Settings, Accounts or Prices change.

Private Const AddInFile As String = "capgain.xlam"

Private Events As CapGainEvents
Private Seen As Collection

Public Sub CapGainStart()
    ' Called when the add-in opens.
    Dim Wb As Workbook
    Set Events = New CapGainEvents
    Set Events.App = Application
    For Each Wb In Application.Workbooks
        CapGainRepairLinks Wb
    Next Wb
    CapGainDescribeFunctions
End Sub

Public Sub CapGainRepairLinks(ByVal Wb As Workbook)
    ' A formula saved where the add-in lies elsewhere names that path: it is led to this add-in.
    Dim Links As Variant
    Dim Place As Long
    Dim WasSaved As Boolean
    If Wb Is ThisWorkbook Then Exit Sub
    On Error GoTo Unrepaired
    WasSaved = Wb.Saved
    Links = Wb.LinkSources(xlExcelLinks)
    If IsEmpty(Links) Then Exit Sub
    For Place = LBound(Links) To UBound(Links)
        If CapGainIsOldLink(CStr(Links(Place)), ThisWorkbook.FullName) Then
            Wb.ChangeLink CStr(Links(Place)), ThisWorkbook.FullName, xlLinkTypeExcelLinks
        End If
    Next Place
    Wb.Saved = WasSaved
    Exit Sub
Unrepaired:
    Application.StatusBar = "CapGain: the formulas of " & Wb.Name & " point to another add-in folder (" & _
        Err.Description & "). Use Data, Edit Links, Change Source."
End Sub

Public Function CapGainIsOldLink(ByVal Link As String, ByVal Here As String) As Boolean
    ' Whether Link leads to a CapGain add-in that is not this one.
    Dim Plain As String
    Plain = LCase$(Replace(Link, "/", "\"))
    If LCase$(Link) = LCase$(Here) Then Exit Function
    CapGainIsOldLink = (Plain = AddInFile) Or (Right$(Plain, Len(AddInFile) + 1) = "\" & AddInFile)
End Function

Public Function CapGainIsInputSheet(ByVal SheetName As String) As Boolean
    ' The sheets that functions read without an argument.
    Select Case LCase$(SheetName)
        Case "settings", "accounts", "prices"
            CapGainIsInputSheet = True
    End Select
End Function

Public Sub CapGainRecalculateIfChanged(ByVal Sheet As Worksheet)
    ' An input sheet with formulas was recalculated: only another content makes the functions stale.
    Dim Key As String
    Dim Content As String
    Dim Before As String
    Key = Sheet.Parent.Name & "!" & Sheet.Name
    Content = CapGainContent(Sheet.UsedRange)
    If Seen Is Nothing Then Set Seen = New Collection
    Before = ""
    On Error Resume Next
    Before = Seen(Key)
    If Before <> "" Then Seen.Remove Key
    Seen.Add Content, Key
    On Error GoTo 0
    If Before <> Content Then CapGainRecalculate Sheet.Parent
End Sub

Private Function CapGainContent(ByVal Target As Range) As String
    Dim Cell As Range
    Dim Parts() As String
    Dim Place As Long
    ReDim Parts(0 To Target.Cells.Count)
    For Each Cell In Target.Cells
        Place = Place + 1
        If IsError(Cell.Value2) Then
            Parts(Place) = "#" & CStr(Cell.Value2)
        Else
            Parts(Place) = CStr(VarType(Cell.Value2)) & CStr(Cell.Value2)
        End If
    Next Cell
    CapGainContent = Target.Address & Join(Parts, Chr$(1))
End Function

Public Sub CapGainRecalculate(ByVal Wb As Workbook)
    ' Marks the cells with CapGain functions as stale, so that Excel asks them again.
    Dim Sheet As Worksheet
    Dim Found As Range
    Dim First As String
    For Each Sheet In Wb.Worksheets
        Set Found = Sheet.Cells.Find("CAPGAIN", , xlFormulas, xlPart)
        If Not Found Is Nothing Then
            First = Found.Address
            Do
                If Found.HasFormula Then Found.Dirty
                Set Found = Sheet.Cells.FindNext(Found)
                If Found Is Nothing Then Exit Do
            Loop While Found.Address <> First
        End If
    Next Sheet
    If Application.Calculation = xlCalculationAutomatic Then Application.Calculate
End Sub
