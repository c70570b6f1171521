<#
.SYNOPSIS
Exports a Windows event log to a folder, for logonstorm to read.

.DESCRIPTION
The live log is locked, so it is exported first, with wevtutil: to the folder for temporary files, and
then moved, so that a nightly run does not meet half an export. Exports may overlap: logonstorm counts
every record once.

Run it on every server, shortly before the nightly run, as a member of "Event Log Readers" who may
write to the folder. The exit code is 0 when the export is there, 1 when it is not.

.EXAMPLE
.\export-security.ps1 -Folder 'D:\logonstorm\exports\security'

.EXAMPLE
.\export-security.ps1 -Folder '\\FILES\exports\security' -Hours 0
#>
[CmdletBinding()]
param(
    # Folder for the exports; made if it is missing.
    [Parameter(Mandatory = $true)]
    [ValidateNotNullOrEmpty()]
    [string] $Folder,

    # The log.
    [ValidateNotNullOrEmpty()]
    [string] $Log = 'Security',

    # How far back: two days, so that one missed night loses nothing. 0: the whole log.
    [ValidateRange(0, 87600)]
    [int] $Hours = 48
)

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$name = '{0}-{1}-{2}.evtx' -f $env:COMPUTERNAME, ($Log -replace '[\\/:*?"<>|]', '_'), (Get-Date -Format 'yyyy-MM-dd')
$target = Join-Path -Path $Folder -ChildPath $name
$temporary = Join-Path -Path ([IO.Path]::GetTempPath()) -ChildPath "$PID-$name"

try {
    if (-not (Test-Path -LiteralPath $Folder -PathType Container)) {
        $null = New-Item -Path $Folder -ItemType Directory -Force
    }

    $arguments = @('epl', $Log, $temporary, '/ow:true')
    if ($Hours -gt 0) {
        $milliseconds = [long] $Hours * 3600000
        $arguments += "/q:*[System[TimeCreated[timediff(@SystemTime) <= $milliseconds]]]"
    }
    # wevtutil tells of errors by its exit code and on standard error only.
    $ErrorActionPreference = 'Continue'
    $said = & "$env:SystemRoot\System32\wevtutil.exe" $arguments 2>&1
    $code = $LASTEXITCODE
    $ErrorActionPreference = 'Stop'
    if ($code -ne 0) {
        throw "wevtutil ended with code ${code}: $said"
    }
    if (-not (Test-Path -LiteralPath $temporary -PathType Leaf)) {
        throw "wevtutil ended well but wrote no file '$temporary'"
    }

    Move-Item -LiteralPath $temporary -Destination $target -Force
    Write-Output "exported $Log to $target"
    exit 0
}
catch {
    if (Test-Path -LiteralPath $temporary) {
        Remove-Item -LiteralPath $temporary -Force -ErrorAction SilentlyContinue
    }
    [Console]::Error.WriteLine("export of $Log to $target failed: $($_.Exception.Message)")
    exit 1
}
