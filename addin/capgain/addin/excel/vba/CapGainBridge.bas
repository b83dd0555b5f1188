Attribute VB_Name = "CapGainBridge"
Option Explicit
Option Private Module
' From a formula to Python and back. Ranges are read through Value2, so that no currency format cuts digits and dates
' stay serial numbers; a range crosses once and is then named by a token until one of its cells changes.

Private Const ServerModule As String = "capgain.addin.excel.com_server"
Private Const Resend As String = "#RESEND"
Private Const KeptBlocks As Long = 40

Private Server As Object
Private Blocks As Collection
Private Session As String
Private LastToken As Long
Private LastFailure As String

Public Function CapGainAnswer(ByVal Name As String, ByVal TakesLedger As Boolean, ByVal Arguments As Variant) As Variant
    ' The value, array or error that a cell with the function Name shows.
    Dim Answer As Variant
    #If Mac Then
        LastFailure = "Functions in cells need Excel for Windows, or xlwings Lite on Mac and on the web. The CapGain ribbon works here."
        CapGainAnswer = CapGainFailed(Name, xlErrNA)
        Exit Function
    #End If
    On Error GoTo Failed
    Answer = CapGainAsk(Name, TakesLedger, Arguments)
    If CapGainIsResend(Answer) Then
        Set Blocks = Nothing
        Answer = CapGainAsk(Name, TakesLedger, Arguments)
    End If
    CapGainAnswer = CapGainWithErrors(Answer)
    Exit Function
Failed:
    LastFailure = "Excel could not reach Python: " & Err.Description & " Run: capgain addin doctor"
    Set Server = Nothing
    CapGainAnswer = CapGainFailed(Name, xlErrValue)
End Function

Private Function CapGainFailed(ByVal Name As String, ByVal Code As Long) As Variant
    If Name = "CAPGAIN_WHY" Then
        CapGainFailed = LastFailure
    Else
        CapGainFailed = CVErr(Code)
    End If
End Function

Public Sub CapGainForget()
    ' Everything is read anew: called after Refresh and when the add-in opens.
    Set Blocks = Nothing
    On Error Resume Next
    If Not Server Is Nothing Then Server.CallUDF ServerModule, "forget", Array()
    On Error GoTo 0
End Sub

Private Function CapGainAsk(ByVal Name As String, ByVal TakesLedger As Boolean, ByRef Arguments As Variant) As Variant
    Dim Cell As Range
    Dim Encoded() As Variant
    Dim Sheets As Variant
    Dim Place As Long
    Dim Address As String
    Dim Is1904 As Boolean
    Set Cell = CapGainCallingCell()
    ReDim Encoded(LBound(Arguments) To UBound(Arguments))
    For Place = LBound(Arguments) To UBound(Arguments)
        If IsObject(Arguments(Place)) Then
            Encoded(Place) = CapGainRangeBlock(Arguments(Place), Name = "CAPGAIN_WHY")
        ElseIf IsEmpty(Arguments(Place)) Then
            Encoded(Place) = Array("missing")
        ElseIf IsArray(Arguments(Place)) Then
            Encoded(Place) = Array("values", Arguments(Place))
        Else
            Encoded(Place) = Array("value", Arguments(Place))
        End If
    Next Place
    Sheets = Array(Array("missing"), Array("missing"), Array("missing"))
    If Not Cell Is Nothing Then
        Address = Cell.Address(External:=True)
        Is1904 = Cell.Worksheet.Parent.Date1904
        If TakesLedger Then
            Sheets = Array(CapGainSheetBlock(Cell, "Settings"), CapGainSheetBlock(Cell, "Accounts"), _
                CapGainSheetBlock(Cell, "Prices"))
        End If
    End If
    If Server Is Nothing Then Set Server = XLPy()
    CapGainAsk = Server.CallUDF(ServerModule, "answer", Array(Name, Address, Is1904, Sheets, Encoded))
End Function

Private Function CapGainCallingCell() As Range
    ' The cell with the formula; Nothing where a macro calls.
    On Error Resume Next
    If TypeOf Application.Caller Is Range Then Set CapGainCallingCell = Application.Caller.Cells(1, 1)
    On Error GoTo 0
End Function

Private Function CapGainSheetBlock(ByVal Cell As Range, ByVal SheetName As String) As Variant
    ' The used cells of a sheet of the calling workbook.
    Dim Sheet As Worksheet
    On Error Resume Next
    Set Sheet = Cell.Worksheet.Parent.Worksheets(SheetName)
    On Error GoTo 0
    If Sheet Is Nothing Then
        CapGainSheetBlock = Array("missing")
    Else
        CapGainSheetBlock = CapGainRangeBlock(Sheet.UsedRange, False)
    End If
End Function

Private Function CapGainRangeBlock(ByVal Target As Range, ByVal OnlyAddress As Boolean) As Variant
    ' kind, token, sheet, first row, whether dates count from 1904, address, cells (Empty: Python has them).
    Dim Used As Range
    Dim Values As Variant
    Dim One(1 To 1, 1 To 1) As Variant
    Dim RowCount As Long
    Dim ColumnCount As Long
    Dim Address As String
    Dim Block As CapGainBlock
    If Target.Areas.Count > 1 Then Err.Raise 5, "CapGain", "A range of several areas cannot be read."
    Set Used = Target.Worksheet.UsedRange
    RowCount = CapGainBetween(1, Target.Rows.Count, Used.Row + Used.Rows.Count - Target.Row)
    ColumnCount = CapGainBetween(1, Target.Columns.Count, Used.Column + Used.Columns.Count - Target.Column)
    Set Used = Target.Resize(RowCount, ColumnCount)
    Address = Used.Cells(1, 1).Address(External:=True)
    If OnlyAddress Then
        CapGainRangeBlock = Array("block", "", Target.Worksheet.Name, Target.Row, False, Address, Empty)
        Exit Function
    End If
    If RowCount = 1 And ColumnCount = 1 Then
        One(1, 1) = Used.Value2
        Values = One
    Else
        Values = Used.Value2
    End If
    Set Block = CapGainKept(Address & ":" & CStr(RowCount) & ":" & CStr(ColumnCount))
    If Block.Token <> "" Then
        If Block.IsSame(Values) Then
            CapGainRangeBlock = Array("block", Block.Token, Target.Worksheet.Name, Target.Row, _
                CBool(Target.Worksheet.Parent.Date1904), Address, Empty)
            Exit Function
        End If
    End If
    LastToken = LastToken + 1
    Block.Keep Session & "-" & CStr(LastToken), Values
    CapGainRangeBlock = Array("block", Block.Token, Target.Worksheet.Name, Target.Row, _
        CBool(Target.Worksheet.Parent.Date1904), Address, Values)
End Function

Private Function CapGainBetween(ByVal Least As Long, ByVal Most As Long, ByVal Wanted As Long) As Long
    CapGainBetween = Wanted
    If CapGainBetween > Most Then CapGainBetween = Most
    If CapGainBetween < Least Then CapGainBetween = Least
End Function

Private Function CapGainKept(ByVal Key As String) As CapGainBlock
    ' The block kept under Key, a new one where there is none; the oldest go first.
    Dim Block As CapGainBlock
    If Blocks Is Nothing Then
        Set Blocks = New Collection
        Session = Format$(Now, "yyyymmddhhnnss") & "-" & CStr(CLng(Timer * 100))
    End If
    On Error Resume Next
    Set Block = Blocks(Key)
    On Error GoTo 0
    If Block Is Nothing Then
        Set Block = New CapGainBlock
        If Blocks.Count >= KeptBlocks Then Blocks.Remove 1
        Blocks.Add Block, Key
    End If
    Set CapGainKept = Block
End Function

Private Function CapGainIsResend(ByRef Answer As Variant) As Boolean
    If VarType(Answer) = vbString Then CapGainIsResend = (Answer = Chr$(1) & Resend)
End Function

Private Function CapGainWithErrors(ByRef Answer As Variant) As Variant
    ' Python marks errors; here they become real ones, which SUM does not skip.
    Dim Row As Long
    Dim Column As Long
    Dim Result As Variant
    If Not IsArray(Answer) Then
        CapGainWithErrors = CapGainCell(Answer)
        Exit Function
    End If
    Result = Answer
    If CapGainDimensions(Result) = 1 Then
        For Column = LBound(Result) To UBound(Result)
            Result(Column) = CapGainCell(Result(Column))
        Next Column
    Else
        For Row = LBound(Result, 1) To UBound(Result, 1)
            For Column = LBound(Result, 2) To UBound(Result, 2)
                Result(Row, Column) = CapGainCell(Result(Row, Column))
            Next Column
        Next Row
    End If
    CapGainWithErrors = Result
End Function

Private Function CapGainCell(ByRef Value As Variant) As Variant
    CapGainCell = Value
    If VarType(Value) <> vbString Then Exit Function
    If Left$(Value, 1) <> Chr$(1) Then Exit Function
    Select Case Mid$(Value, 2)
        Case "#N/A"
            CapGainCell = CVErr(xlErrNA)
        Case "#NUM!"
            CapGainCell = CVErr(xlErrNum)
        Case Else
            CapGainCell = CVErr(xlErrValue)
    End Select
End Function

Private Function CapGainDimensions(ByRef Values As Variant) As Long
    Dim Upper As Long
    CapGainDimensions = 1
    On Error GoTo OneOnly
    Upper = UBound(Values, 2)
    If Upper >= LBound(Values, 2) - 1 Then CapGainDimensions = 2
OneOnly:
End Function
