package io.panal.machines.model;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Pattern;

/// What a machine may use of its host; zero is no limit.
///
/// @param nanoCpus    billionths of a core
/// @param memoryBytes all processes of the machine together, containers included
/// @param diskBytes   size of a disk of its own; zero shares the host's file system
public record Limits(long nanoCpus, long memoryBytes, long diskBytes) {
    private static final long MEGABYTE = 1024L * 1024;
    private static final long SMALLEST_MEMORY = 256 * MEGABYTE;
    private static final long SMALLEST_DISK = 512 * MEGABYTE;
    private static final BigDecimal NANO = BigDecimal.valueOf(1_000_000_000L);
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})(?:([kmgt])(?:i?b)?|b)?");

    public static Limits none() {
        return new Limits(0, 0, 0);
    }

    /// Reads the values of `--cpus`, `--memory` and `--disk-size`; an empty text is no limit.
    ///
    /// @param cpus   a decimal number; docker-machine's -1 means all cores
    /// @param memory megabytes, or a number with a unit such as `512m` or `2g`
    /// @param disk   like memory
    public static Limits parse(String cpus, String memory, String disk) throws MachineFailure {
        var limits = new Limits(nanoCpus(cpus), bytes("memory", memory), bytes("disk-size", disk));
        if (limits.memoryBytes > 0 && limits.memoryBytes < SMALLEST_MEMORY) {
            throw new MachineFailure(
                    "invalid value \"%s\" for memory: a machine needs at least 256m".formatted(memory));
        }
        if (limits.diskBytes > 0 && limits.diskBytes < SMALLEST_DISK) {
            throw new MachineFailure(
                    "invalid value \"%s\" for disk-size: a machine needs at least 512m".formatted(disk));
        }
        return limits;
    }

    /// The same, when a host has so many cores.
    ///
    /// @throws MachineFailure in docker's words, when it has fewer
    public Limits within(int cores) throws MachineFailure {
        if (BigDecimal.valueOf(nanoCpus).compareTo(NANO.multiply(BigDecimal.valueOf(cores))) > 0) {
            throw new MachineFailure(
                    "range of CPUs is from 0.01 to %d.00, as there are only %d CPUs available".formatted(cores, cores));
        }
        return this;
    }

    private static long nanoCpus(String text) throws MachineFailure {
        if (text.isEmpty() || text.equals("-1") || text.equals("0")) {
            return 0;
        }
        try {
            var nano = new BigDecimal(text).multiply(NANO).longValueExact();
            if (nano >= 10_000_000L) {
                return nano;
            }
        } catch (ArithmeticException | NumberFormatException notNumber) {
            throw new MachineFailure(cpusRefused(text), notNumber);
        }
        throw new MachineFailure(cpusRefused(text));
    }

    private static String cpusRefused(String text) {
        return "invalid value \"%s\" for cpus: a number of cores such as 2 or 0.5, at least 0.01, or -1 for all"
                .formatted(text);
    }

    private static long bytes(String what, String text) throws MachineFailure {
        if (text.isEmpty()) {
            return 0;
        }
        var matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new MachineFailure(
                    "invalid value \"%s\" for %s: megabytes, or a size such as 512m or 2g".formatted(text, what));
        }
        var number = Long.parseLong(matcher.group(1));
        var unit = matcher.group(2);
        if (unit == null) {
            return text.endsWith("b") || text.endsWith("B") ? number : number * MEGABYTE;
        }
        return number << (10 * (1 + "kmgt".indexOf(unit)));
    }

    public long memoryMegabytes() {
        return memoryBytes / MEGABYTE;
    }

    public long diskMegabytes() {
        return diskBytes / MEGABYTE;
    }
}
