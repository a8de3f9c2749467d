package io.panal.cli.service;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Values;
import io.panal.cli.json.Tree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Mounts as `--mount` takes them: `type=volume,source=data,target=/data,readonly`.
final class Mounts {
    private final Arguments arguments;
    private final String flag;

    Mounts(Arguments arguments, String flag) {
        this.arguments = arguments;
        this.flag = flag;
    }

    List<Tree> all() throws Failure {
        List<Tree> mounts = new ArrayList<>();
        for (String value : arguments.all(flag)) {
            mounts.add(mount(value));
        }
        return mounts;
    }

    private Failure invalid(String value, String why) {
        return arguments.invalid(flag, value, why);
    }

    private Tree mount(String value) throws Failure {
        Tree mount = Tree.empty().put("Type", "volume");
        for (String field : Fields.of(value)) {
            String key = KeyValues.key(field).strip().toLowerCase(Locale.ROOT);
            boolean bare = field.indexOf('=') < 0;
            if (bare && !isSwitch(key)) {
                throw invalid(value, "invalid field '" + field + "' must be a key=value pair");
            }
            field(value, mount, key, bare ? "true" : KeyValues.value(field));
        }
        check(value, mount);
        return mount;
    }

    private static boolean isSwitch(String key) {
        return switch (key) {
            case "readonly", "ro", "volume-nocopy", "bind-nonrecursive", "bind-create-src" -> true;
            default -> false;
        };
    }

    private void field(String whole, Tree mount, String key, String text) throws Failure {
        switch (key) {
            case "type" -> mount.put("Type", text.toLowerCase(Locale.ROOT));
            case "source", "src" -> mount.put("Source", source(text));
            case "target", "dst", "destination" -> mount.put("Target", text);
            case "readonly", "ro" -> putTrue(mount, "ReadOnly", truth(whole, key, text));
            case "consistency" -> mount.put("Consistency", text.toLowerCase(Locale.ROOT));
            case "bind-propagation" -> mount.make("BindOptions").put("Propagation", text.toLowerCase(Locale.ROOT));
            case "bind-nonrecursive" -> putTrue(mount.make("BindOptions"), "NonRecursive", truth(whole, key, text));
            case "bind-recursive" -> recursive(whole, mount.make("BindOptions"), text);
            case "bind-create-src" -> putTrue(mount.make("BindOptions"), "CreateMountpoint", truth(whole, key, text));
            case "volume-subpath" -> volume(mount).put("Subpath", text);
            case "volume-nocopy" -> putTrue(volume(mount), "NoCopy", truth(whole, key, text));
            case "volume-label" -> volume(mount).make("Labels").put(KeyValues.key(text), KeyValues.value(text));
            case "volume-driver" -> volume(mount).make("DriverConfig").put("Name", text);
            case "volume-opt" ->
                volume(mount).make("DriverConfig.Options").put(KeyValues.key(text), KeyValues.value(text));
            case "image-subpath" -> mount.make("ImageOptions").put("Subpath", text);
            case "tmpfs-size" -> mount.make("TmpfsOptions").put("SizeBytes", size(whole, key, text));
            case "tmpfs-mode" -> mount.make("TmpfsOptions").put("Mode", mode(whole, key, text));
            default -> throw invalid(whole, "unexpected key '" + key + "' in '" + key + "=" + text + "'");
        }
    }

    /// A path that starts with a dot is one of the directory the command runs in.
    private static String source(String text) {
        boolean relative = text.equals(".") || text.equals("..") || text.startsWith("./") || text.startsWith("../");
        return relative ? Path.of(text).toAbsolutePath().normalize().toString() : text;
    }

    private static Tree volume(Tree mount) {
        Tree options = mount.make("VolumeOptions");
        options.make("DriverConfig");
        return options;
    }

    private static void putTrue(Tree tree, String name, boolean value) {
        if (value) {
            tree.put(name, true);
        } else {
            tree.map().remove(name);
        }
    }

    private boolean truth(String whole, String key, String text) throws Failure {
        return switch (text) {
            case "1", "t", "T", "true", "True", "TRUE" -> true;
            case "0", "f", "F", "false", "False", "FALSE" -> false;
            default -> throw invalid(whole, "invalid value for " + key + ": " + text);
        };
    }

    private void recursive(String whole, Tree options, String text) throws Failure {
        switch (text) {
            case "enabled" -> {}
            case "disabled" -> options.put("NonRecursive", true);
            case "writable" -> options.put("ReadOnlyNonRecursive", true);
            case "readonly" -> options.put("ReadOnlyForceRecursive", true);
            default ->
                throw invalid(
                        whole,
                        "invalid value for bind-recursive: " + text
                                + " (must be \"enabled\", \"disabled\", \"writable\", or \"readonly\")");
        }
    }

    private long size(String whole, String key, String text) throws Failure {
        long bytes = Values.bytes(text);
        if (bytes < 0) {
            throw invalid(whole, "invalid value for " + key + ": " + text);
        }
        return bytes;
    }

    private long mode(String whole, String key, String text) throws Failure {
        try {
            return Long.parseLong(text, 8);
        } catch (NumberFormatException _) {
            throw invalid(whole, "invalid value for " + key + ": " + text);
        }
    }

    private void check(String value, Tree mount) throws Failure {
        String type = mount.text("Type");
        if (type.isEmpty()) {
            throw invalid(value, "type is required");
        }
        if (mount.text("Target").isEmpty()) {
            throw invalid(value, "target is required");
        }
        mixed(value, mount, "VolumeOptions", "volume", type);
        mixed(value, mount, "BindOptions", "bind", type);
        mixed(value, mount, "TmpfsOptions", "tmpfs", type);
        mixed(value, mount, "ImageOptions", "image", type);
    }

    private void mixed(String value, Tree mount, String options, String kind, String type) throws Failure {
        if (mount.has(options) && !type.equals(kind)) {
            throw invalid(value, "cannot mix '" + kind + "-*' options with mount type '" + type + "'");
        }
    }
}
