// What a file has to hold for one of our own rules to match it, so that most files need no look by all of them: these
// few texts are found several times as fast as theirs. Whatever such a rule matches, this one does too.

rule may_be_malware
{
    strings:
        // of the seven texts of which an XMRig has five, these three
        $pool = "stratum+"
        $donation = "donate-level"
        $nicehash = "nicehash"
        $in_browsers = /CoinHive|CRLT|deepMiner/
        $php = /<\?(php|=)/ nocase
        $page = "<%"
        $device = /\/dev\/(tcp|udp)\//
        $netcat = /\s-(e|c)\s*\/bin\/(ba|da)?sh\b/
        $pipe = "mkfifo"
        $input = "dup2"
    condition:
        filesize < 256
        or any of ($pool, $donation, $nicehash, $in_browsers, $device, $netcat, $pipe, $input)
        or (filesize < 4MB and $php)
        or (filesize < 1MB and $page)
}
