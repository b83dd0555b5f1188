Attribute VB_Name = "CapGainRibbon"
Option Explicit
' The call-backs of the ribbon. What a button does is Python; the drop-downs read and write the Settings sheet here.

Private Ribbon As IRibbonUI

Public Sub CapGainRibbonLoaded(ByVal Loaded As IRibbonUI)
    Set Ribbon = Loaded
End Sub

Public Sub CapGainInvalidateRibbon()
    If Not Ribbon Is Nothing Then Ribbon.Invalidate
End Sub

Public Sub CapGainButtonPressed(ByVal Control As IRibbonControl)
    Dim Action As String
    On Error GoTo Failed
    CapGainListen
    Action = CapGainActionOf(Control.Id)
    If Action = "" Then Exit Sub
    If ActiveWorkbook Is Nothing Then Workbooks.Add
    If Not CapGainIsPlainName(ActiveWorkbook.Name) Then
        MsgBox "The workbook's name has a character that a command line could take for a command. Rename the file.", _
            vbExclamation, "CapGain"
        Exit Sub
    End If
    RunPython "from capgain.addin.excel.ribbon.pressed import pressed; pressed('" & Action & "')"
    #If Mac Then
    #Else
        CapGainForget
    #End If
    If Not ActiveWorkbook Is Nothing Then CapGainLookAtInputs ActiveWorkbook
    CapGainInvalidateRibbon
    Exit Sub
Failed:
    CapGainTell Err.Description
End Sub

Private Sub CapGainTell(ByVal Reason As String)
    ' An error that left a call-back would end in Excel's box with the button End, which forgets what the add-in knows.
    MsgBox "CapGain could not do that: " & Reason & vbCrLf & "Run in a terminal: capgain addin doctor", _
        vbExclamation, "CapGain"
End Sub

Public Function CapGainIsPlainName(ByVal Name As String) As Boolean
    ' xlwings passes the name on a command line, between quotation marks.
    Dim Place As Long
    For Place = 1 To Len(Name)
        If InStr(1, "$`|""\%!" & vbCr & vbLf, Mid$(Name, Place, 1), vbBinaryCompare) > 0 Then Exit Function
    Next Place
    CapGainIsPlainName = True
End Function

Public Sub CapGainHasLedger(ByVal Control As IRibbonControl, ByRef Enabled As Variant)
    Dim Sheet As Worksheet
    On Error Resume Next
    Enabled = False
    CapGainListen
    If Not ActiveWorkbook Is Nothing Then Set Sheet = ActiveWorkbook.Worksheets("Ledger")
    Enabled = Not Sheet Is Nothing
End Sub

Public Sub CapGainChoiceCount(ByVal Control As IRibbonControl, ByRef Count As Variant)
    On Error Resume Next
    Count = 0
    Count = UBound(CapGainChoices(Control.Id)) + 1
End Sub

Public Sub CapGainChoiceLabel(ByVal Control As IRibbonControl, ByVal Index As Integer, ByRef Label As Variant)
    On Error Resume Next
    Label = ""
    Label = CapGainChoices(Control.Id)(Index)
End Sub

Public Sub CapGainChoiceSelected(ByVal Control As IRibbonControl, ByRef Index As Variant)
    Dim Items As Variant
    Dim Stated As String
    Dim Place As Long
    On Error GoTo Unknown
    Index = -1
    If ActiveWorkbook Is Nothing Then Exit Sub
    Stated = LCase$(CapGainSetting(ActiveWorkbook, CapGainSettingOf(Control.Id)))
    Items = CapGainChoices(Control.Id)
    For Place = LBound(Items) To UBound(Items)
        If LCase$(CStr(Items(Place))) = Stated Then Index = Place
    Next Place
    Exit Sub
Unknown:
    Index = -1
End Sub

Public Sub CapGainChoiceMade(ByVal Control As IRibbonControl, ByVal Id As String, ByVal Index As Integer)
    Dim Chosen As String
    On Error GoTo Failed
    CapGainListen
    If ActiveWorkbook Is Nothing Then Exit Sub
    Chosen = CStr(CapGainChoices(Control.Id)(Index))
    If IsNumeric(Chosen) Then
        CapGainWriteSetting ActiveWorkbook, CapGainSettingOf(Control.Id), CDbl(Chosen)
    Else
        CapGainWriteSetting ActiveWorkbook, CapGainSettingOf(Control.Id), Chosen
    End If
    CapGainLookAtInputs ActiveWorkbook
    Exit Sub
Failed:
    CapGainTell Err.Description
End Sub
