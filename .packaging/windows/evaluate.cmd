@echo off
rem Drop a file of orders or of customers on this file: it is evaluated, and the report opens.
rem Needs Python 3.11 or newer from python.org, and beside this file the wheel evaluator-*.whl.
rem UNTESTED: written without a Windows machine; please report what fails.
setlocal enabledelayedexpansion
chcp 65001 >nul
set "HOME_DIR=%~dp0"
set "VENV=%LOCALAPPDATA%\evaluator\venv"
set "WHEEL="
for %%W in ("%HOME_DIR%evaluator-*.whl") do set "WHEEL=%%~fW"

if not exist "%VENV%\Scripts\evaluator.exe" (
    if not defined WHEEL (
        echo There is no evaluator-*.whl beside this file.
        goto failed
    )
    where py >nul 2>nul
    if errorlevel 1 (
        echo Python is missing. Get 3.11 or newer from https://www.python.org/downloads/ and start again.
        goto failed
    )
    echo Installing, once. This takes a minute or two ...
    py -3 -c "import sys; sys.exit(sys.version_info < (3, 11))"
    if errorlevel 1 (
        echo Python 3.11 or newer is needed.
        goto failed
    )
    py -3 -m venv "%VENV%" || goto failed
    "%VENV%\Scripts\python.exe" -m pip install --quiet "%WHEEL%" || goto failed
)

if "%~1"=="" (
    "%VENV%\Scripts\evaluator.exe" --help
    echo Drop a file of orders on this file to evaluate it.
    goto done
)

"%VENV%\Scripts\evaluator.exe" run "%~1"
if errorlevel 1 goto failed
set "REPORT=%~dpn1-study\output\report.html"
if exist "%REPORT%" start "" "%REPORT%"
goto done

:failed
echo.
echo It did not work; what is wrong stands above.
:done
pause
