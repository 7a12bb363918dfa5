// Programs that mine for somebody else, their settings, and the scripts that bring them.

rule miner_xmrig
{
    meta:
        description = "a miner of the XMRig family"
    strings:
        $name = "xmrig" nocase
        $donation = "donate-level"
        $algorithm = "randomx" nocase
        $protocol = "stratum+tcp://"
        $nicehash = "nicehash"
        $pages = "huge-pages"
        $wallet = "rig-id"
    condition:
        (uint32(0) == 0x464c457f or uint16(0) == 0x5a4d) and 5 of them
}

rule miner_stratum_client
{
    meta:
        description = "a program that speaks Stratum, the protocol of mining pools"
    strings:
        $address = /stratum\+(tcp|ssl|udp):\/\//
        $subscribe = "mining.subscribe"
        $authorize = "mining.authorize"
        $submit = "mining.submit"
        $notify = "mining.notify"
    condition:
        (uint32(0) == 0x464c457f or uint16(0) == 0x5a4d) and $address and 2 of ($subscribe, $authorize, $submit, $notify)
}

rule miner_settings
{
    meta:
        description = "settings of a miner"
    strings:
        $pools = /"pools"\s*:\s*\[/
        $user = /"user"\s*:\s*"/
        $donation = /"donate-level"\s*:/
        $algorithm = /"(algo|coin)"\s*:/
        $processor = /"(cpu|randomx|opencl|cuda)"\s*:/
    condition:
        filesize < 256KB and $pools and $user and $donation and ($algorithm or $processor)
}

rule miner_script
{
    meta:
        description = "a script that starts a miner with a pool's address"
    strings:
        $start = /^#![^\n]{0,60}(sh|python[0-9.]*|perl|node)\s/
        $address = /stratum\+(tcp|ssl|udp):\/\/[A-Za-z0-9]/
    condition:
        filesize < 1MB and $start at 0 and $address
}

rule miner_in_web_page
{
    meta:
        description = "a script that mines in the browsers of visitors"
    strings:
        $coinhive = /new\s+CoinHive\s*\.\s*(Anonymous|User|Token)\s*\(/
        $cryptoloot = /new\s+CRLT\s*\.\s*(Anonymous|User)\s*\(/
        $deepminer = /new\s+deepMiner\s*\.\s*(Anonymous|Init)\s*\(/
    condition:
        filesize < 8MB and any of them
}
