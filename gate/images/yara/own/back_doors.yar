// Scripts that give a shell to whoever waits at an address.

rule reverse_shell_in_script
{
    meta:
        description = "a shell script that connects a shell to an address"
    strings:
        $start = /^#![^\n]{0,60}sh\s/
        $device = /\b(ba|z|k)?sh\s+-i\s*[0-9]?>&\s*\/dev\/(tcp|udp)\/[A-Za-z0-9$]/
        $redirected = /\bexec\s+[0-9]+<>\s*\/dev\/tcp\/[A-Za-z0-9$]/
        $netcat = /\bn(c|cat|etcat)\b[^\n]{0,80}\s-(e|c)\s*\/bin\/(ba|da)?sh\b/
        $pipe = /\bmkfifo\s+(\S+)[^\n]{0,80}\/bin\/(ba|da)?sh\s+-i\b[^\n]{0,40}\|\s*n(c|cat|etcat)\b/
    condition:
        filesize < 1MB and $start at 0 and any of ($device, $redirected, $netcat, $pipe)
}

rule reverse_shell_in_python
{
    meta:
        description = "a Python script that connects a shell to an address"
    strings:
        $connect = /\.connect\s*\(\s*\(\s*['"]?[A-Za-z0-9_.]{1,100}['"]?\s*,\s*[A-Za-z0-9_]{1,40}\s*\)\s*\)/
        $input = /\bdup2\s*\(\s*\w{1,40}\.fileno\s*\(\s*\)\s*,\s*0\s*\)/
        $shell = /\b(pty\s*\.\s*spawn|subprocess\s*\.\s*(call|run|Popen)|os\s*\.\s*(system|execl?[vpe]*))\s*\(\s*\[?\s*['"]\/bin\/(ba|da)?sh/
    condition:
        filesize < 1MB and all of them
}
