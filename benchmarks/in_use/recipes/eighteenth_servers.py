"""The eighteenth set's servers in Lua, Go, Tcl and Elixir, and those that start other programs by their settings."""

from benchmarks.in_use.recipe import SYSTEM, Recipe
from benchmarks.in_use.recipes.fourteenth_bases import FULL
from benchmarks.in_use.recipes.twelfth import HOSTS

LUA = Recipe(
    name="lua",
    packages=(*FULL, "nginx", "libnginx-mod-http-lua", "lua-cjson", "lua-sql-sqlite3", "lua-socket", "lua-lpeg"),
    env=SYSTEM,
    cmd=(
        "/bin/sh",
        "-c",
        "mkdir -p logs && nginx -p /app -c conf/nginx.conf -t && exec nginx -p /app -c conf/nginx.conf",
    ),
    files=HOSTS
    | {
        "app/conf/nginx.conf": """daemon off;
user root;
worker_processes 1;
error_log stderr info;
pid /tmp/nginx.pid;
load_module /usr/lib/nginx/modules/ndk_http_module.so;
load_module /usr/lib/nginx/modules/ngx_http_lua_module.so;
events { worker_connections 64; }
http {
    include /etc/nginx/mime.types;
    access_log /dev/stdout;
    lua_package_path "/app/lua/?.lua;;";
    lua_shared_dict hits 1m;
    init_by_lua_block { notes = require "notes" }
    server {
        listen 127.0.0.1:9951;
        default_type application/json;
        location /notes { content_by_lua_block { notes.handle() } }
        location /page { content_by_lua_file lua/page.lua; }
        location / { access_by_lua_block { ngx.exit(ngx.HTTP_NOT_FOUND) } }
    }
}
""",
        "app/lua/notes.lua": """local cjson = require "cjson.safe"
local store = require "store"
local M = {}

function M.handle()
    if ngx.req.get_method() == "POST" then
        ngx.req.read_body()
        local note, err = cjson.decode(ngx.req.get_body_data() or "")
        if not note then
            ngx.status = 422
            return ngx.say(cjson.encode({ error = err }))
        end
        store.add(note.text or "")
        ngx.status = 201
    end
    ngx.shared.hits:incr("all", 1, 0)
    ngx.say(cjson.encode({ notes = store.all(), hits = ngx.shared.hits:get("all") }))
end

return M
""",
        "app/lua/store.lua": """local driver = require("luasql.sqlite3").sqlite3()
local base = driver:connect("/tmp/notes.db")
base:execute("create table if not exists notes (text text)")
local M = {}

function M.add(text)
    base:execute("insert into notes values ('" .. base:escape(text) .. "')")
end

function M.all()
    local rows, cursor = {}, base:execute("select text from notes limit 10")
    local row = cursor:fetch({}, "a")
    while row do
        rows[#rows + 1] = row.text
        row = cursor:fetch({}, "a")
    end
    cursor:close()
    return rows
end

return M
""",
        "app/lua/page.lua": """local lpeg = require "lpeg"
ngx.header.content_type = "text/html"
local word = lpeg.C(lpeg.R("az") ^ 1)
ngx.say("<h1>", word:match("notes 1"), "</h1>")
""",
    },
    asks=tuple(f"http://127.0.0.1:9951/{path}" for path in ("notes", "page", "no")),
    sends=(("http://127.0.0.1:9951/notes", '{"text": "one"}'), ("http://127.0.0.1:9951/notes", "nothing")),
    seconds=12,
)

WEBHOOK = Recipe(
    name="webhook",
    packages=(*FULL, "webhook", "jq", "rsync", "postgresql-client"),
    env=SYSTEM,
    folder="/etc/webhook",
    cmd=("/usr/bin/webhook", "-verbose", "-hooks=/etc/webhook/hooks.json", "-ip=127.0.0.1", "-port=9952", "-hotreload"),
    files=HOSTS
    | {
        "etc/webhook/hooks.json": """[
  {"id": "deploy", "execute-command": "/app/hooks/deploy.sh", "command-working-directory": "/srv",
   "include-command-output-in-response": true,
   "pass-arguments-to-command": [{"source": "payload", "name": "action"}, {"source": "payload", "name": "site"}],
   "trigger-rule": {"match": {"type": "regex", "regex": "^(publish|list)$",
     "parameter": {"source": "payload", "name": "action"}}}},
  {"id": "versions", "execute-command": "/usr/local/bin/versions", "include-command-output-in-response": true}
]
""",
        "app/hooks/deploy.sh": """#!/bin/bash
set -euo pipefail

log() { printf '%s %s\\n' "$(date -u +%FT%TZ)" "$*" >&2; }

publish() {
  local site=$1 from=/srv/sites/$1 to=/srv/www/$1
  [ -d "$from" ] || { log "no site $site"; return 3; }
  mkdir -p "$to"
  rsync --archive --delete "$from/" "$to/"
  jq --arg site "$site" '.published += [$site] | .published |= unique' /srv/state.json > /tmp/state.json
  mv /tmp/state.json /srv/state.json
  log "published $site"
}

case "${1:-}" in
  publish) publish "${2:?site}" ;;
  list) jq -r '.published[]' /srv/state.json ;;
  *) log "what is ${1:-}?"; exit 2 ;;
esac
""",
        "usr/local/bin/versions": "#!/bin/sh\nset -e\nuname -a\ngit --version\ncurl --version | head -n 1\n",
        "srv/state.json": '{"published": []}\n',
        "srv/sites/one/index.html": "<h1>one</h1>\n",
    },
    asks=tuple(f"http://127.0.0.1:9952/{path}" for path in ("", "hooks/versions", "hooks/deploy", "hooks/no")),
    sends=tuple(
        ("http://127.0.0.1:9952/hooks/deploy", content)
        for content in ('{"action": "publish", "site": "one"}', '{"action": "list"}', '{"action": "rm"}', "{")
    ),
    seconds=15,
)

XINETD = Recipe(
    name="xinetd",
    packages=(*FULL, "xinetd", "micro-httpd", "rsync", "netbase", "fortune-mod", "fortunes-min"),
    env=SYSTEM,
    folder="/",
    cmd=("/usr/sbin/xinetd", "-dontfork", "-stayalive", "-f", "/etc/xinetd/shop.conf"),
    files=HOSTS
    | {
        "etc/xinetd/shop.conf": """defaults
{
    log_type = FILE /dev/stdout
    instances = 10
    bind = 127.0.0.1
}
service page
{
    type = UNLISTED
    port = 9953
    socket_type = stream
    protocol = tcp
    wait = no
    user = www-data
    server = /usr/sbin/micro-httpd
    server_args = /srv/www
}
service files
{
    type = UNLISTED
    port = 9971
    socket_type = stream
    protocol = tcp
    wait = no
    user = root
    server = /usr/bin/rsync
    server_args = --daemon --config=/etc/rsync/shop.conf
}
includedir /etc/xinetd/shop.d
""",
        "etc/xinetd/shop.d/word": """service word
{
    type = UNLISTED
    port = 9972
    socket_type = stream
    protocol = tcp
    wait = no
    user = nobody
    server = /usr/local/bin/word
}
""",
        "usr/local/bin/word": '#!/bin/sh\nread -r name\necho "hello $name"\nexec /usr/games/fortune -s\n',
        "etc/rsync/shop.conf": "use chroot = no\n[www]\n    path = /srv/www\n    read only = yes\n",
        "srv/www/index.html": "<h1>shop</h1>\n",
        "srv/www/one.txt": "one\n",
    },
    asks=tuple(f"http://127.0.0.1:9953/{path}" for path in ("", "one.txt", "no")),
    sends=(("tcp://127.0.0.1:9971", "@RSYNCD: 31.0\nwww\n"), ("tcp://127.0.0.1:9972", "one\n")),
    seconds=12,
)

TCL = Recipe(
    name="tcl",
    packages=(*FULL, "tcl", "tcllib", "libsqlite3-tcl", "tdom", "tcl-tls", "expect", "tcl-udp"),
    env=SYSTEM | {"PORT": "9954"},
    cmd=("tclsh", "/app/server.tcl"),
    files=HOSTS
    | {
        "app/server.tcl": """package require Tcl 8.6
package require json
package require json::write
package require sqlite3
package require logger
package require html
source [file join [file dirname [info script]] lib pages.tcl]

set log [logger::init shop]
sqlite3 db /tmp/shop.db
db eval {create table if not exists items (name text)}

proc answer {channel status kind body} {
    puts -nonewline $channel "HTTP/1.0 $status\\r\\nContent-Type: $kind\\r\\nContent-Length: "
    puts -nonewline $channel "[string length $body]\\r\\n\\r\\n$body"
}

proc items {} {
    set names [db eval {select name from items limit 10}]
    return [json::write array {*}[lmap name $names {json::write string $name}]]
}

proc route {channel method path body} {
    switch -glob -- "$method $path" {
        "GET /items" { answer $channel "200 OK" application/json [items] }
        "POST /items" {
            if {[catch {dict get [json::json2dict $body] name} name]} {
                answer $channel "422 No" application/json [json::write object error [json::write string $name]]
            } else {
                db eval {insert into items values ($name)}
                answer $channel "201 Created" application/json [items]
            }
        }
        "GET /digest*" {
            package require sha256
            answer $channel "200 OK" text/plain [sha2::sha256 -hex $path]
        }
        "GET /" { answer $channel "200 OK" text/html [pages::home [db eval {select name from items limit 10}]] }
        default { answer $channel "404 Not Found" text/plain no }
    }
}

proc accept {channel host port} {
    fconfigure $channel -translation binary -blocking 1
    if {[catch {
        gets $channel line
        set size 0
        while {[gets $channel header] > 1} {
            if {[regexp -nocase {^content-length: *(\\d+)} $header -> found]} { set size $found }
        }
        lassign [split $line] method path
        ${::log}::info "$method $path"
        route $channel $method $path [read $channel $size]
    } wrong]} { ${::log}::error $wrong }
    close $channel
}

socket -server accept -myaddr 127.0.0.1 $env(PORT)
vwait forever
""",
        "app/lib/pages.tcl": """package require tdom

namespace eval pages {}

proc pages::home {names} {
    set document [dom createDocument html]
    set root [$document documentElement]
    $root appendFromList [list h1 {} [list [list #text shop]]]
    foreach name $names { $root appendFromList [list p {} [list [list #text [html::html_entities $name]]]] }
    return [$root asHTML]
}
""",
    },
    asks=tuple(f"http://127.0.0.1:9954/{path}" for path in ("", "items", "digest/one", "no")),
    sends=(("http://127.0.0.1:9954/items", '{"name": "one"}'), ("http://127.0.0.1:9954/items", "nothing")),
    seconds=12,
)

ELIXIR = Recipe(
    name="elixir",
    packages=(*FULL, "elixir", "erlang-jiffy", "erlang-p1-yaml"),
    env=SYSTEM | {"LANG": "C.UTF-8", "PORT": "9955"},
    cmd=("elixir", "--no-halt", "/app/server.exs"),
    files=HOSTS
    | {
        "app/server.exs": """require Logger
Code.require_file("lib/router.ex", __DIR__)

defmodule Server do
  def start(port) do
    {:ok, socket} =
      :gen_tcp.listen(port, [:binary, packet: :http_bin, active: false, reuseaddr: true, ip: {127, 0, 0, 1}])

    Logger.info("listening on #{port}")
    accept(socket)
  end

  defp accept(socket) do
    {:ok, client} = :gen_tcp.accept(socket)
    Task.start(fn -> serve(client) end)
    accept(socket)
  end

  defp serve(client) do
    {:ok, {:http_request, method, {:abs_path, path}, _}} = :gen_tcp.recv(client, 0)
    {status, body} = Router.call(method, path)
    :inet.setopts(client, packet: :raw)
    :gen_tcp.send(client, "HTTP/1.0 #{status}\\r\\nContent-Length: #{byte_size(body)}\\r\\n\\r\\n#{body}")
    :gen_tcp.close(client)
  end
end

spawn(fn -> Server.start(String.to_integer(System.fetch_env!("PORT"))) end)
""",
        "app/lib/router.ex": """defmodule Router do
  def call(:GET, "/"), do: {200, EEx.eval_string("<h1><%= name %></h1>", name: "notes")}
  def call(:GET, "/notes"), do: {200, JSON.encode!(%{notes: ["one"], at: DateTime.to_iso8601(DateTime.utc_now())})}
  def call(:GET, "/digest"), do: {200, :crypto.hash(:sha256, "one") |> Base.encode16()}
  def call(_, _), do: {404, "no"}
end
""",
    },
    asks=tuple(f"http://127.0.0.1:9955/{path}" for path in ("", "notes", "digest", "no")),
    seconds=20,
)

SERVERS = (LUA, WEBHOOK, XINETD, TCL, ELIXIR)
