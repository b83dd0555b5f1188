# What Excel does for a formula, without Excel: load xlwings' library from where `capgain addin install` put it, let it
# start the configured Python, and call our server through COM. Windows only.
$ErrorActionPreference = "Stop"

$folder = Join-Path $env:USERPROFILE ".capgain"
$library = Get-ChildItem $folder -Filter "xlwings64-*.dll" | Select-Object -First 1
$line = Get-Content (Join-Path $folder "capgain.conf") | Where-Object { $_ -like '"INTERPRETER_WIN",*' }
$python = [Environment]::ExpandEnvironmentVariables(($line -split '","')[1].TrimEnd('"'))
$tail = ' -B -P -E -c "import sys, os;import xlwings; xlwings.serve(''$(CLSID)'')"'
$command = $env:ComSpec + ' /K ""' + $python + '"' + $tail + '"'

Add-Type @"
using System;
using System.Runtime.InteropServices;
public static class Library {
    [DllImport("kernel32", SetLastError = true, CharSet = CharSet.Unicode)]
    public static extern IntPtr LoadLibrary(string path);
    [DllImport("$($library.Name)", CharSet = CharSet.Ansi)]
    public static extern int XLPyDLLActivateAuto(
        [In, Out, MarshalAs(UnmanagedType.Struct)] ref object result, string config, int mode);
}
"@

if ([Library]::LoadLibrary($library.FullName) -eq [IntPtr]::Zero) { throw "cannot load $($library.FullName)" }
$server = $null
if ([Library]::XLPyDLLActivateAuto([ref]$server, $command, 1) -ne 0) { throw "no server: $server" }

$arguments = @("CAPGAIN_NET", "", $false, @(@("missing"), @("missing"), @("missing")), @(@("value", 5000.0), @("value", -8000.0)))
$answer = $server.CallUDF("capgain.addin.excel.com_server", "answer", [object[]]$arguments)
$answer = @($answer)
if ($answer[0] -ne -3000 -or $answer[1] -ne 3000) { throw "CAPGAIN_NET(5000, -8000) gave: $answer" }
"CAPGAIN_NET(5000, -8000): $answer"
