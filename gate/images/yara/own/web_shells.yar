// Pages that run whatever a request says.

rule web_shell_php_runs_request
{
    meta:
        description = "PHP that runs what a request says"
    strings:
        $open = /<\?(php|=)/ nocase
        $call = /\b(eval|assert|system|passthru|shell_exec|exec|popen|proc_open|pcntl_exec)\s*\(\s*(@?\s*(base64_decode|gzinflate|gzuncompress|str_rot13|stripslashes|urldecode|rawurldecode|trim|strrev|hex2bin)\s*\(\s*){0,4}@?\$(_(GET|POST|REQUEST|COOKIE)|HTTP_RAW_POST_DATA|\{['"]_(GET|POST|REQUEST|COOKIE)['"]\})/ nocase
        $backtick = /`\s*\$_(GET|POST|REQUEST|COOKIE)\s*\[[^`]{1,60}`/
        $input = /\b(eval|assert|system|passthru|shell_exec)\s*\(\s*(@?\s*(base64_decode|gzinflate|str_rot13)\s*\(\s*){0,4}@?file_get_contents\s*\(\s*['"]php:\/\/input/ nocase
    condition:
        filesize < 1MB and $open and any of ($call, $backtick, $input)
}

rule web_shell_php_calls_request
{
    meta:
        description = "PHP that calls a function which the request names"
    strings:
        $open = /<\?(php|=)/ nocase
        $call = /\$_(GET|POST|REQUEST|COOKIE)\s*\[[^\]\n]{1,40}\]\s*\(\s*@?\$_(GET|POST|REQUEST|COOKIE)\s*\[/
        $callback = /\b(array_map|array_filter|array_walk|usort|uasort|call_user_func(_array)?|register_shutdown_function|create_function)\s*\(\s*@?\$_(GET|POST|REQUEST|COOKIE)\s*\[[^\]\n]{1,40}\]\s*,\s*[^;\n]{0,40}\$_(GET|POST|REQUEST|COOKIE)/ nocase
    condition:
        filesize < 1MB and $open and any of ($call, $callback)
}

rule web_shell_php_unpacks_itself
{
    meta:
        description = "PHP that unpacks and runs hidden code"
    strings:
        $open = /<\?(php|=)/ nocase
        $call = /\b(eval|assert)\s*\(\s*@?(gzinflate|gzuncompress|gzdecode|str_rot13|strrev|convert_uudecode)\s*\(\s*@?(base64_decode|str_rot13|strrev|gzinflate|gzuncompress|convert_uudecode)\s*\(/ nocase
    condition:
        filesize < 4MB and $open and $call
}

rule web_shell_jsp
{
    meta:
        description = "a JSP page that runs commands of a request"
    strings:
        $open = "<%"
        $exec = /getRuntime\s*\(\s*\)\s*\.\s*exec\s*\(|new\s+ProcessBuilder\s*\(/
        $parameter = /request\s*\.\s*(getParameter|getHeader|getReader|getInputStream)\s*\(/
    condition:
        filesize < 1MB and all of them
}

rule web_shell_jsp_loads_classes
{
    meta:
        description = "a JSP page that loads classes which a request brings"
    strings:
        $open = "<%"
        $loader = /extends\s+ClassLoader\b/
        $define = /\bdefineClass\s*\(/
        $parameter = /request\s*\.\s*(getParameter|getHeader|getReader|getInputStream)\s*\(/
    condition:
        filesize < 1MB and all of them
}

rule web_shell_asp
{
    meta:
        description = "an ASP page that runs what a request says"
    strings:
        $open = "<%"
        $classic = /\b(eval|execute|executeglobal)\s*\(?\s*request\s*(\.\s*(form|querystring|item))?\s*\(/ nocase
        $jscript = /\beval\s*\(\s*Request\s*(\.\s*(Item|Form|QueryString))?\s*\[[^\]\n]{1,40}\]\s*,\s*['"]unsafe['"]/ nocase
    condition:
        filesize < 1MB and $open and any of ($classic, $jscript)
}

rule web_shell_aspx
{
    meta:
        description = "an ASP.NET page that runs commands of a request"
    strings:
        $open = /<%@\s*(Page|WebHandler)\b/ nocase
        $start = /\bProcess\s*\.\s*Start\s*\(|\bnew\s+(System\.Diagnostics\.)?ProcessStartInfo\b/
        $shell = /\b(cmd|powershell)(\.exe)?['"]/ nocase
        $request = /\bRequest\s*(\.\s*(Form|QueryString|Params|Item|Headers))?\s*[\[(]/
    condition:
        filesize < 1MB and all of them
}
