package io.panal.images.debian;

import io.panal.images.debian.Recipe.Run;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The images that can be made, and how.
final class Recipes {
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// A shell, its tools, and the users and libraries that all of Debian builds on.
    private static final List<String> BASE = List.of(
            "base-files",
            "base-passwd",
            "bash",
            "dash",
            "coreutils",
            "findutils",
            "sed",
            "grep",
            "hostname",
            "libc-bin");

    /// What only dpkg and its scripts use.
    private static final List<String> INSTALLATION = List.of("dpkg", "debconf", "libdebconfclient0");

    /// What the scripts of the base packages do.
    private static final List<Step> BASE_STEPS = List.of(
            new Step.Copy("usr/share/base-passwd/passwd.master", "etc/passwd"),
            new Step.Copy("usr/share/base-passwd/group.master", "etc/group"),
            new Step.Copy("usr/share/libc-bin/nsswitch.conf", "etc/nsswitch.conf"),
            new Step.Copy("usr/share/base-files/nsswitch.conf", "etc/nsswitch.conf"),
            new Step.Copy("usr/share/base-files/profile", "etc/profile"),
            new Step.Copy("usr/share/base-files/dot.profile", "root/.profile"),
            new Step.Copy("usr/share/base-files/dot.bashrc", "root/.bashrc"),
            new Step.Link("var/run", "/run"),
            new Step.Link("var/lock", "/run/lock"),
            new Step.Link("usr/bin/awk", "mawk"),
            new Step.Directory("run/lock", "trwxrwxrwx"),
            new Step.Directory("tmp", "trwxrwxrwx"),
            new Step.Directory("var/tmp", "trwxrwxrwx"),
            new Step.Directory("mnt", "rwxr-xr-x"),
            new Step.Directory("srv", "rwxr-xr-x"),
            new Step.Directory("opt", "rwxr-xr-x"),
            new Step.Directory("media", "rwxr-xr-x"));

    private Recipes() {}

    /// Debian's nginx with Debian's configuration and welcome page; logs, port and signal as in the official image.
    static Recipe nginx() {
        List<String> others = new ArrayList<>(BASE);
        others.add("curl");
        List<Step> steps = new ArrayList<>(BASE_STEPS);
        steps.addAll(List.of(
                new Step.Link("etc/nginx/sites-enabled/default", "/etc/nginx/sites-available/default"),
                new Step.Copy("usr/share/nginx/html/index.html", "var/www/html/index.nginx-debian.html"),
                new Step.Directory("var/log/nginx", "rwxr-xr-x"),
                new Step.Link("var/log/nginx/access.log", "/dev/stdout"),
                new Step.Link("var/log/nginx/error.log", "/dev/stderr")));
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PATH", PATH);
        environment.put("NGINX_VERSION", "%s");
        Run run = new Run(List.of(), List.of("nginx", "-g", "daemon off;"), environment, List.of("80/tcp"), "SIGQUIT");
        return new Recipe("nginx", "nginx", others, INSTALLATION, steps, run);
    }

    /// One static program under all its names.
    static Recipe busybox() {
        List<Step> steps = List.of(
                new Step.Applets(),
                new Step.Text("etc/passwd", """
                        root:x:0:0:root:/root:/bin/sh
                        daemon:x:1:1:daemon:/usr/sbin:/bin/false
                        www-data:x:33:33:www-data:/var/www:/bin/false
                        nobody:x:65534:65534:nobody:/home:/bin/false
                        """),
                new Step.Text("etc/group", """
                        root:x:0:
                        daemon:x:1:
                        www-data:x:33:
                        nogroup:x:65534:
                        """),
                new Step.Directory("root", "rwx------"),
                new Step.Directory("home", "rwxr-xr-x"),
                new Step.Directory("etc", "rwxr-xr-x"),
                new Step.Directory("dev", "rwxr-xr-x"),
                new Step.Directory("proc", "rwxr-xr-x"),
                new Step.Directory("sys", "rwxr-xr-x"),
                new Step.Directory("run", "rwxr-xr-x"),
                new Step.Directory("var/www", "rwxr-xr-x"),
                new Step.Link("var/run", "/run"),
                new Step.Directory("tmp", "trwxrwxrwx"));
        Run run = new Run(List.of(), List.of("sh"), Map.of("PATH", PATH), List.of(), "");
        return new Recipe("busybox", "busybox-static", List.of(), List.of(), steps, run);
    }
}
