"""Images of kinds that no other set has: one archive with all others inside, and a server for logins."""

from benchmarks.in_use.recipe import SYSTEM, Recipe

FAT_JAR = Recipe(
    name="fat-jar",
    packages=(
        "default-jdk-headless",
        "libjackson2-databind-java",
        "libcommons-lang3-java",
        "libcommons-codec-java",
        "libpostgresql-jdbc-java",
        "curl",
    ),
    env=SYSTEM | {"JAVA_TOOL_OPTIONS": "-Xmx128m"},
    entrypoint=("java", "-jar", "/app/shop.jar"),
    files={
        "app/src/launch/Launcher.java": """
package launch;

import java.io.*;
import java.util.*;
import java.util.jar.*;

/** Runs the application from the archives within its own archive. */
public class Launcher extends ClassLoader {
    private final Map<String, byte[]> found = new HashMap<>();

    Launcher(JarFile own) throws IOException {
        super(Launcher.class.getClassLoader());
        for (JarEntry entry : Collections.list(own.entries())) {
            InputStream content = own.getInputStream(entry);
            if (entry.getName().startsWith("BOOT-INF/classes/")) {
                found.put(entry.getName().substring("BOOT-INF/classes/".length()), content.readAllBytes());
            } else if (entry.getName().startsWith("BOOT-INF/lib/") && entry.getName().endsWith(".jar")) {
                JarInputStream inner = new JarInputStream(content);
                for (JarEntry each; (each = inner.getNextJarEntry()) != null; ) {
                    found.put(each.getName(), inner.readAllBytes());
                }
            }
        }
    }

    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] code = found.get(name.replace('.', '/') + ".class");
        if (code == null) throw new ClassNotFoundException(name);
        return defineClass(name, code, 0, code.length);
    }

    public static void main(String[] words) throws Exception {
        String path = Launcher.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        Launcher launcher = new Launcher(new JarFile(path));
        Thread.currentThread().setContextClassLoader(launcher);
        launcher.loadClass("shop.Main").getMethod("main", String[].class).invoke(null, (Object) words);
    }
}
""",
        "app/src/shop/Main.java": """
package shop;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.util.Map;
import org.apache.commons.lang3.StringUtils;

public class Main {
    public static void main(String[] words) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 9144), 0);
        server.createContext("/", ask -> {
            byte[] text = new ObjectMapper().writeValueAsBytes(Map.of("shop", StringUtils.capitalize("shop")));
            ask.sendResponseHeaders(200, text.length);
            ask.getResponseBody().write(text);
            ask.close();
        });
        server.start();
    }
}
""",
    },
    prepare=(
        "cd /app && mkdir -p out/BOOT-INF/classes out/BOOT-INF/lib && cd /usr/share/java && cp -L jackson-databind.jar "
        "jackson-core.jar jackson-annotations.jar commons-lang3.jar commons-codec.jar postgresql.jar "
        "/app/out/BOOT-INF/lib/",
        "cd /app && javac -d out src/launch/Launcher.java && javac -cp 'out/BOOT-INF/lib/*' -d out/BOOT-INF/classes "
        "src/shop/Main.java",
        "cd /app && jar --create --file shop.jar --main-class launch.Launcher --no-compress -C out . && rm -r out",
        "apt-get purge -qy default-jdk-headless openjdk-21-jdk-headless 'lib*-java'",
    ),
    asks=("http://127.0.0.1:9144/",),
    seconds=15,
)

SSHD = Recipe(
    name="sshd",
    packages=("openssh-server", "openssh-client", "git", "rsync", "nano"),
    env=SYSTEM,
    folder="/",
    entrypoint=("/usr/local/bin/start-sshd",),
    cmd=("-D", "-e", "-p", "9145"),
    files={
        "usr/local/bin/start-sshd": """#!/bin/sh
set -eu
mkdir -p /run/sshd
ssh-keygen -A
if [ -d /etc/keys ]; then
    install -d -m 700 /root/.ssh
    cat /etc/keys/*.pub > /root/.ssh/authorized_keys
fi
(sleep 4; ssh -i /etc/keys/one -o StrictHostKeyChecking=no -p 9145 root@127.0.0.1 true) &
exec /usr/sbin/sshd "$@"
""",
    },
    prepare=("mkdir /etc/keys && ssh-keygen -q -t ed25519 -N '' -f /etc/keys/one",),
    seconds=15,
)

LATER = (FAT_JAR, SSHD)
