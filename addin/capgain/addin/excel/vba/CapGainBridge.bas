Attribute VB_Name = "CapGainBridge"
Option Explicit
Option Private Module
' From a formula to Python and back. Ranges are read through Value2, so that no currency format cuts digits and dates
' stay serial numbers; a range crosses once and is then named by a token until one of its cells changes.

#If Mac Then
' Excel for Mac cannot call Python while it calculates.
#Else
Private Const ServerModule As String = "capgain.addin.excel.com_server"
Private Const Resend As String = "#RESEND"
Private Const Stale As String = "#STALE "
Private Const KeptBlocks As Long = 64
Private Const KeptFailures As Long = 500
Private Const Unreadable As Long = vbObjectError + 513

Private Server As Object
Private Blocks As Collection
Private Failures As Collection
Private Session As String
Private LastToken As Long
Private IsDown As Boolean

Public Function CapGainAnswer(ByVal Name As String, ByVal ReadsSheets As Boolean, ByVal Arguments As Variant) As Variant
    ' The value, array or error that a cell with the function Name shows. A Python that is gone is started once more.
    Dim Answer As Variant
    Dim Cell As Range
    Dim Address As String
    Dim WasThere As Boolean
    On Error GoTo Failed
    CapGainListen
    Set Cell = CapGainCallingCell()
    If Not Cell Is Nothing Then
        Address = Cell.Address(External:=True)
        CapGainSeen Cell.Worksheet.Parent
    End If
    If Name = "CAPGAIN_WHY" Then
        CapGainAnswer = CapGainFailureOf(Arguments)
        If CapGainAnswer <> "" Then Exit Function
    End If
    WasThere = Not Server Is Nothing
Again:
    Answer = CapGainAsk(Name, ReadsSheets, Arguments, Cell)
    If CapGainIsMark(Answer, Resend) Then
        Set Blocks = Nothing
        Answer = CapGainAsk(Name, ReadsSheets, Arguments, Cell)
    End If
    If CapGainIsMark(Answer, Stale) And Not Cell Is Nothing Then
        CapGainHandleIsStale Cell.Worksheet.Parent, Mid$(Answer, Len(Stale) + 2)
    End If
    CapGainNoteFailure Address, ""
    If IsDown Then
        ' Cells that asked in vain are stale, and Excel does not know it.
        IsDown = False
        CapGainServerRestarted
    End If
    CapGainAnswer = CapGainWithErrors(Answer)
    Exit Function
Failed:
    If Err.Number <> Unreadable And WasThere Then
        WasThere = False
        CapGainServerRestarted
        Set Server = Nothing
        Set Blocks = Nothing
        Resume Again
    End If
    If Err.Number = Unreadable Then
        CapGainNoteFailure Address, Err.Description
    Else
        CapGainNoteFailure Address, "Excel could not reach Python: " & Err.Description & " Run: capgain addin doctor"
        Set Server = Nothing
        IsDown = True
    End If
    If Name = "CAPGAIN_WHY" Then
        CapGainAnswer = Failures(Failures.Count)
    Else
        CapGainAnswer = CVErr(xlErrValue)
    End If
End Function

Private Function CapGainFailureOf(ByVal Arguments As Variant) As String
    ' Why the cell that CAPGAIN_WHY points to could not ask Python; "" where it could.
    Dim Cell As Range
    If Failures Is Nothing Then Exit Function
    If Not IsObject(Arguments(LBound(Arguments))) Then Exit Function
    Set Cell = Arguments(LBound(Arguments))
    On Error Resume Next
    CapGainFailureOf = Failures(Cell.Cells(1, 1).Address(External:=True))
    On Error GoTo 0
End Function

Private Sub CapGainNoteFailure(ByVal Address As String, ByVal Reason As String)
    ' Keeps the reason by the address of the cell; "" forgets it.
    If Failures Is Nothing Then
        If Reason = "" Then Exit Sub
        Set Failures = New Collection
    End If
    On Error Resume Next
    Failures.Remove Address
    On Error GoTo 0
    If Reason = "" Then Exit Sub
    If Failures.Count >= KeptFailures Then Failures.Remove 1
    If Address = "" Then
        Failures.Add Reason
    Else
        Failures.Add Reason, Address
    End If
End Sub

Public Sub CapGainForget()
    ' Ranges cross anew; the ledgers behind handles stay. Called after a button.
    Set Blocks = Nothing
    On Error Resume Next
    If Not Server Is Nothing Then Server.CallUDF ServerModule, "forget", Array()
    On Error GoTo 0
End Sub

Private Function CapGainAsk(ByVal Name As String, ByVal ReadsSheets As Boolean, ByRef Arguments As Variant, _
    ByVal Cell As Range) As Variant
    Dim Encoded() As Variant
    Dim Sheets As Variant
    Dim Place As Long
    Dim Address As String
    Dim Is1904 As Boolean
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
    Sheets = Array(Array("missing"), Array("missing"), Array("missing"), Array("missing"))
    If Not Cell Is Nothing Then
        Address = Cell.Address(External:=True)
        Is1904 = Cell.Worksheet.Parent.Date1904
        If ReadsSheets Then
            Sheets = Array(CapGainSheetBlock(Cell, "Settings"), CapGainSheetBlock(Cell, "Accounts"), _
                CapGainSheetBlock(Cell, "Prices"), CapGainSheetBlock(Cell, "1099"))
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
    ' kind, token, sheet, first row, first column, whether dates count from 1904, address, formats, cells (Empty: Python
    ' has both).
    Dim Used As Range
    Dim Values As Variant
    Dim One(1 To 1, 1 To 1) As Variant
    Dim RowCount As Long
    Dim ColumnCount As Long
    Dim Address As String
    Dim Formats As String
    Dim Is1904 As Boolean
    Dim Block As CapGainBlock
    If Target.Areas.Count > 1 Then
        Err.Raise Unreadable, "CapGain", "A range of several areas cannot be read: give one range, as Ledger[#All]."
    End If
    Set Used = Target.Worksheet.UsedRange
    RowCount = CapGainBetween(1, Target.Rows.Count, Used.Row + Used.Rows.Count - Target.Row)
    ColumnCount = CapGainBetween(1, Target.Columns.Count, Used.Column + Used.Columns.Count - Target.Column)
    Set Used = Target.Resize(RowCount, ColumnCount)
    Address = Used.Cells(1, 1).Address(External:=True)
    If OnlyAddress Then
        One(1, 1) = Used.Cells(1, 1).Value2
        CapGainRangeBlock = Array("block", "", Target.Worksheet.Name, Target.Row, Target.Column, False, Address, "", One)
        Exit Function
    End If
    If RowCount = 1 And ColumnCount = 1 Then
        One(1, 1) = Used.Value2
        Values = One
    Else
        Values = Used.Value2
        CapGainLeaveOutTotals Used, Values
    End If
    Set Block = CapGainKept(Address & ":" & CStr(RowCount) & ":" & CStr(ColumnCount))
    Formats = CapGainFormatsOf(Used)
    Is1904 = Target.Worksheet.Parent.Date1904
    If Block.Token <> "" Then
        If Block.IsSame(Values, Formats) Then
            CapGainRangeBlock = Array("block", Block.Token, Target.Worksheet.Name, Target.Row, Target.Column, Is1904, _
                Address, "", Empty)
            Exit Function
        End If
    End If
    LastToken = LastToken + 1
    Block.Keep Session & "-" & CStr(LastToken), Values, Formats
    CapGainRangeBlock = Array("block", Block.Token, Target.Worksheet.Name, Target.Row, Target.Column, Is1904, _
        Address, Formats, Values)
End Function

Private Sub CapGainLeaveOutTotals(ByVal Used As Range, ByRef Values As Variant)
    ' A table's row of totals, which Ledger[#All] includes, is no row of the ledger.
    Dim Table As ListObject
    Dim Totals As Range
    Dim Row As Long
    Dim Column As Long
    For Each Table In Used.Worksheet.ListObjects
        If Table.ShowTotals Then
            Set Totals = Table.TotalsRowRange
            Row = Totals.Row - Used.Row + 1
            If Row >= LBound(Values, 1) And Row <= UBound(Values, 1) Then
                For Column = LBound(Values, 2) To UBound(Values, 2)
                    If Used.Column + Column - 1 >= Totals.Column And _
                        Used.Column + Column - 1 < Totals.Column + Totals.Columns.Count Then Values(Row, Column) = Empty
                Next Column
            End If
        End If
    Next Table
End Sub

Private Function CapGainBetween(ByVal Least As Long, ByVal Most As Long, ByVal Wanted As Long) As Long
    CapGainBetween = Wanted
    If CapGainBetween > Most Then CapGainBetween = Most
    If CapGainBetween < Least Then CapGainBetween = Least
End Function

Private Function CapGainKept(ByVal Key As String) As CapGainBlock
    ' The block kept under Key, a new one where there is none; the one not asked for longest goes first.
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
    Else
        Blocks.Remove Key
    End If
    Blocks.Add Block, Key
    Set CapGainKept = Block
End Function

Private Function CapGainIsMark(ByRef Answer As Variant, ByVal Mark As String) As Boolean
    If VarType(Answer) = vbString Then CapGainIsMark = (Left$(Answer, Len(Mark) + 1) = Chr$(1) & Mark)
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

Private Function CapGainCell(ByVal Value As Variant) As Variant
    CapGainCell = Value
    If VarType(Value) <> vbString Then Exit Function
    If Left$(Value, 1) <> Chr$(1) Then Exit Function
    If CapGainIsMark(Value, Stale) Then Value = Chr$(1) & "#N/A"
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
#End If
