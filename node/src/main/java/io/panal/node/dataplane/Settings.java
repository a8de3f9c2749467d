package io.panal.node.dataplane;

import io.panal.node.kernel.NetworkNamespace;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Kernel settings below `/proc/sys/net`.
///
/// Those of the host are written down before they are changed, so that they can be put back, by another daemon too.
final class Settings {
    private static final Path ROOT = Path.of("/proc/sys/net");

    private final NetworkNamespace host;
    private final Path saved;
    private final Map<String, String> wanted = new LinkedHashMap<>();

    /// @param saved a file for the values found
    Settings(NetworkNamespace host, Path saved) {
        this.host = host;
        this.saved = saved;
    }

    /// One setting, as `ipv4/ip_forward` and `1`.
    record Setting(String name, String value) {}

    /// In the calling thread's namespace; a setting that this kernel does not have is passed over.
    static void writeHere(List<Setting> settings) throws IOException {
        for (Setting setting : settings) {
            Path file = ROOT.resolve(setting.name());
            if (Files.exists(file)) {
                Files.writeString(file, setting.value());
            }
        }
    }

    /// A setting of the host; empty when this kernel does not have it.
    Optional<String> read(String name) throws IOException {
        Path file = ROOT.resolve(name);
        return host.enter(
                () -> Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.<String>empty());
    }

    /// Settings that vanish with their interface, so need no putting back.
    void write(List<Setting> settings) throws IOException {
        host.enter(() -> {
            writeHere(settings);
            return settings.size();
        });
    }

    /// Sets what is to be put back by [#restore].
    void change(List<Setting> settings) throws IOException {
        host.enter(() -> {
            for (Setting setting : settings) {
                Path file = ROOT.resolve(setting.name());
                String found = Files.exists(file) ? Files.readString(file).strip() : setting.value();
                if (!found.equals(setting.value())) {
                    Files.writeString(
                            saved,
                            setting.name() + " " + found + "\n",
                            StandardOpenOption.CREATE,
                            StandardOpenOption.APPEND);
                    Files.writeString(file, setting.value());
                }
            }
            return settings.size();
        });
    }

    /// Makes settings of the host match; those of an interface that is not there are passed over.
    ///
    /// @param restored whether they are to be put back by [#restore]
    void match(List<Setting> settings, boolean restored, Findings findings) throws IOException {
        for (Setting setting : settings) {
            wanted.put(setting.name(), setting.value());
            Optional<String> found = read(setting.name()).filter(value -> !value.equals(setting.value()));
            if (found.isPresent()
                    && findings.mends(
                            "node", "setting net." + setting.name().replace('/', '.'), found.get(), setting.value())) {
                if (restored) {
                    change(List.of(setting));
                } else {
                    write(List.of(setting));
                }
            }
        }
    }

    /// These are wanted no more; they stay as they are.
    void forget(List<Setting> settings) {
        settings.forEach(setting -> wanted.remove(setting.name()));
    }

    /// Whether somebody else changed one of those that were matched.
    boolean isTouched() throws IOException {
        return host.enter(() -> {
            for (Map.Entry<String, String> setting : wanted.entrySet()) {
                if (!isHere(setting.getKey(), setting.getValue())) {
                    return true;
                }
            }
            return false;
        });
    }

    /// Asked every few seconds of an idle node: one read, as the kernel gives all at once. True of a setting that is
    /// not there.
    private static boolean isHere(String name, String value) throws IOException {
        try (FileInputStream file = new FileInputStream(ROOT.resolve(name).toFile())) {
            byte[] found = new byte[value.length() + 2];
            int length = Math.max(0, file.read(found));
            return new String(found, 0, length, StandardCharsets.US_ASCII)
                    .strip()
                    .equals(value);
        } catch (FileNotFoundException _) {
            return true;
        }
    }

    /// Puts back the values found, first found first kept.
    void restore() throws IOException {
        wanted.clear();
        if (!Files.exists(saved)) {
            return;
        }
        List<Setting> found = Files.readAllLines(saved).stream()
                .filter(line -> line.contains(" "))
                .map(line -> new Setting(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1)))
                .toList();
        write(found.reversed());
        Files.delete(saved);
    }
}
