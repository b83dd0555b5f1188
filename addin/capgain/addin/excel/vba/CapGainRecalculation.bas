Attribute VB_Name = "CapGainRecalculation"
Option Explicit
Option Private Module
' The functions read Settings, Accounts, Prices and 1099 without naming them, so Excel does not know that a change there makes
' them stale. A workbook whose input sheets are other than before is calculated whole, once, whichever sheet is in front.

Private Watches As Collection
Private IsBusy As Boolean
Private IsRestarted As Boolean
Private WasStale As Boolean

Public Sub CapGainSeen(ByVal Wb As Workbook)
    ' A function was called from this workbook.
    Dim Watch As CapGainWatch
    Set Watch = CapGainWatchOf(Wb)
    If Not Watch.HasFunctions Then
        Watch.HasFunctions = True
        If Not Watch.IsRead Then CapGainRemember Watch, Wb
    End If
End Sub

Public Sub CapGainOpened(ByVal Wb As Workbook)
    ' Another workbook may have had this name before.
    If Not Watches Is Nothing Then
        On Error Resume Next
        Watches.Remove Wb.Name
        On Error GoTo 0
    End If
    CapGainLookAtNames Wb
End Sub

Public Sub CapGainServerRestarted()
    ' The Python that knew the handles and the reasons is gone: after this calculation all is calculated anew.
    IsRestarted = True
End Sub

Public Sub CapGainHandleIsStale(ByVal Wb As Workbook, ByVal Handle As String)
    ' A handle of an earlier session stands in a cell: the workbook is calculated anew, once for each such handle.
    Dim Watch As CapGainWatch
    Set Watch = CapGainWatchOf(Wb)
    WasStale = True
    If InStr(1, Watch.StaleHandles, Handle, vbBinaryCompare) > 0 Then Exit Sub
    Watch.StaleHandles = Watch.StaleHandles & Handle & " "
    Watch.IsAsked = True
End Sub

Public Sub CapGainLookAtNames(ByVal Wb As Workbook)
    ' An input sheet added, renamed or deleted raises no event of its own: the next event of any kind shows it.
    Dim Watch As CapGainWatch
    Dim Names As String
    If IsBusy Then Exit Sub
    Set Watch = CapGainWatchOf(Wb)
    Names = CapGainInputNames(Wb)
    If Not Watch.IsNamed Then
        Watch.IsNamed = True
        Watch.Names = Names
    End If
    If Watch.Names = Names And Not Watch.IsAsked Then Exit Sub
    Watch.Names = Names
    CapGainLookAtInputs Wb
End Sub

Public Sub CapGainLookAtInputs(ByVal Wb As Workbook)
    ' Calculates the workbook where its input sheets hold something else than before.
    Dim Watch As CapGainWatch
    If IsBusy Then Exit Sub
    Set Watch = CapGainWatchOf(Wb)
    If Not CapGainHasFunctions(Watch, Wb) Then Exit Sub
    If Watch.IsRead And Not Watch.IsAsked Then
        If Watch.Content = CapGainInputContent(Wb) Then Exit Sub
    End If
    CapGainRecalculate Wb
End Sub

Public Sub CapGainCalculated(ByVal Sheet As Worksheet)
    ' Excel has calculated a sheet.
    Dim Wb As Workbook
    If IsBusy Then Exit Sub
    If IsRestarted Then
        IsRestarted = False
        For Each Wb In Application.Workbooks
            If CapGainWatchOf(Wb).HasFunctions Then CapGainRecalculate Wb
        Next Wb
    ElseIf CapGainIsInputSheet(Sheet.Name) Then
        CapGainLookAtInputs Sheet.Parent
    Else
        CapGainLookAtNames Sheet.Parent
    End If
End Sub

Public Function CapGainIsInputSheet(ByVal SheetName As String) As Boolean
    ' The sheets that functions read without an argument.
    Select Case LCase$(SheetName)
        Case "settings", "accounts", "prices", "1099"
            CapGainIsInputSheet = True
    End Select
End Function

Public Sub CapGainRecalculate(ByVal Wb As Workbook)
    ' Every formula of the workbook is calculated, with what depends on it. What is entered or calculated meanwhile does
    ' not start this again. A handle met before its cell was calculated asks for a second round.
    If IsBusy Then Exit Sub
    IsBusy = True
    On Error Resume Next
    WasStale = False
    CapGainCalculateAll Wb
    If WasStale Then CapGainCalculateAll Wb
    CapGainRemember CapGainWatchOf(Wb), Wb
    On Error GoTo 0
    IsBusy = False
End Sub

Private Sub CapGainCalculateAll(ByVal Wb As Workbook)
    ' Turning EnableCalculation off and on marks all cells of a sheet as stale and, unless calculation is manual,
    ' calculates them; Range.Dirty would act on the sheet in front alone.
    Dim Sheet As Worksheet
    Dim Off As Collection
    Dim Place As Long
    Set Off = New Collection
    On Error Resume Next
    For Each Sheet In Wb.Worksheets
        If Sheet.EnableCalculation Then
            Off.Add Sheet
            Sheet.EnableCalculation = False
        End If
    Next Sheet
    For Place = 1 To Off.Count
        Off(Place).EnableCalculation = True
    Next Place
    If Application.Calculation <> xlCalculationManual Then Application.Calculate
    On Error GoTo 0
End Sub

Private Sub CapGainRemember(ByVal Watch As CapGainWatch, ByVal Wb As Workbook)
    Watch.IsNamed = True
    Watch.Names = CapGainInputNames(Wb)
    Watch.Content = CapGainInputContent(Wb)
    Watch.IsRead = True
    Watch.IsAsked = False
End Sub

Private Function CapGainWatchOf(ByVal Wb As Workbook) As CapGainWatch
    ' Open workbooks differ in their names.
    Dim Watch As CapGainWatch
    If Watches Is Nothing Then Set Watches = New Collection
    On Error Resume Next
    Set Watch = Watches(Wb.Name)
    On Error GoTo 0
    If Watch Is Nothing Then
        Set Watch = New CapGainWatch
        Watches.Add Watch, Wb.Name
    End If
    Set CapGainWatchOf = Watch
End Function

Private Function CapGainHasFunctions(ByVal Watch As CapGainWatch, ByVal Wb As Workbook) As Boolean
    ' Looked through once: a function entered later is called, and CapGainSeen hears of it.
    Dim Sheet As Worksheet
    #If Mac Then
        Exit Function
    #End If
    If Not (Watch.HasFunctions Or Watch.IsLookedThrough) Then
        Watch.IsLookedThrough = True
        For Each Sheet In Wb.Worksheets
            If CapGainNamesFunction(Sheet) Then
                Watch.HasFunctions = True
                Exit For
            End If
        Next Sheet
    End If
    CapGainHasFunctions = Watch.HasFunctions
End Function

Private Function CapGainNamesFunction(ByVal Sheet As Worksheet) As Boolean
    ' Whether a formula of the sheet names a CapGain function. The user's settings of Find stay as they are.
    Dim Column As Range
    Dim Formulas As Variant
    Dim Row As Long
    For Each Column In Sheet.UsedRange.Columns
        If CapGainHoldsFormula(Column) Then
            Formulas = Column.Formula
            If IsArray(Formulas) Then
                For Row = LBound(Formulas, 1) To UBound(Formulas, 1)
                    If InStr(1, CStr(Formulas(Row, 1)), "CAPGAIN", vbTextCompare) > 0 Then CapGainNamesFunction = True
                Next Row
            Else
                CapGainNamesFunction = InStr(1, CStr(Formulas), "CAPGAIN", vbTextCompare) > 0
            End If
            If CapGainNamesFunction Then Exit Function
        End If
    Next Column
End Function

Private Function CapGainHoldsFormula(ByVal Target As Range) As Boolean
    ' HasFormula is Null where some cells have one and others have none.
    If IsNull(Target.HasFormula) Then
        CapGainHoldsFormula = True
    Else
        CapGainHoldsFormula = Target.HasFormula
    End If
End Function

Private Function CapGainInputNames(ByVal Wb As Workbook) As String
    Dim Sheet As Worksheet
    For Each Sheet In Wb.Worksheets
        If CapGainIsInputSheet(Sheet.Name) Then
            CapGainInputNames = CapGainInputNames & LCase$(Sheet.Name) & "=" & Sheet.CodeName & "/"
        End If
    Next Sheet
End Function

Private Function CapGainInputContent(ByVal Wb As Workbook) As String
    Dim Sheet As Worksheet
    For Each Sheet In Wb.Worksheets
        If CapGainIsInputSheet(Sheet.Name) Then
            CapGainInputContent = CapGainInputContent & Chr$(2) & LCase$(Sheet.Name) & CapGainContent(Sheet.UsedRange)
        End If
    Next Sheet
End Function

Private Function CapGainContent(ByVal Target As Range) As String
    ' The values of all cells as one text.
    Dim Values As Variant
    Dim Parts() As String
    Dim Row As Long
    Dim Column As Long
    Dim Place As Long
    If Target.Cells.Count = 1 Then
        CapGainContent = Target.Address & CapGainPart(Target.Value2)
        Exit Function
    End If
    Values = Target.Value2
    ReDim Parts(1 To Target.Cells.Count)
    For Row = LBound(Values, 1) To UBound(Values, 1)
        For Column = LBound(Values, 2) To UBound(Values, 2)
            Place = Place + 1
            Parts(Place) = CapGainPart(Values(Row, Column))
        Next Column
    Next Row
    CapGainContent = Target.Address & Join(Parts, Chr$(1))
End Function

Private Function CapGainPart(ByRef Value As Variant) As String
    CapGainPart = CStr(VarType(Value)) & CStr(Value)
End Function
