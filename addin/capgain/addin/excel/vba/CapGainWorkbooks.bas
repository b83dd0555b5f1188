Attribute VB_Name = "CapGainWorkbooks"
Option Explicit
Option Private Module
' The add-in while Excel runs: its events, the texts of the Function Wizard, links to another user's add-in.

Private Const AddInFile As String = "capgain.xlam"

Private Events As CapGainEvents
Private IsDescribed As Boolean

Public Sub CapGainStart()
    ' Called when the add-in opens.
    Dim Wb As Workbook
    CapGainListen
    For Each Wb In Application.Workbooks
        CapGainWelcome Wb
    Next Wb
End Sub

Public Sub CapGainListen()
    ' Also called by each function and button: Excel forgets the listener with everything else when code is stopped.
    If Not Events Is Nothing Then Exit Sub
    Set Events = New CapGainEvents
    Set Events.App = Application
End Sub

Public Sub CapGainWelcome(ByVal Wb As Workbook)
    ' A workbook is there: only now does Excel take the texts of the Function Wizard.
    #If Mac Then
    #Else
        CapGainRepairLinks Wb
        If Not (IsDescribed Or Wb Is ThisWorkbook) Then IsDescribed = CapGainDescribeFunctions()
    #End If
    CapGainLookAtNames Wb
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
