package io.panal.node.dataplane;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What a comparison of wanted with real found, and whether it is to be mended on the way.
final class Findings implements Closeable {
    /// What is `missing` is wanted so.
    static final String PRESENT = "present";
    /// What is `down` is wanted so.
    static final String UP = "up";

    private static final int NAMED = 3;

    /// How far a comparison goes.
    private enum Depth {
        /// What orders can change.
        ORDERS,
        /// Tables and tasks too, where the kernel says that something was changed.
        TOUCHED,
        /// Everything.
        ALL
    }

    private final boolean mending;
    private final Depth depth;
    private final List<Difference> differences = new ArrayList<>();
    private final TableCheck tables = new TableCheck();

    private Findings(boolean mending, Depth depth) {
        this.mending = mending;
        this.depth = depth;
    }

    /// New orders are carried out: what differs is no news.
    static Findings ordered() {
        return new Findings(true, Depth.ORDERS);
    }

    /// Mends what was changed by another program.
    static Findings deep() {
        return new Findings(true, Depth.TOUCHED);
    }

    /// Looks into everything.
    ///
    /// @param mending false changes nothing
    static Findings thorough(boolean mending) {
        return new Findings(mending, Depth.ALL);
    }

    boolean isMending() {
        return mending;
    }

    boolean isDeep() {
        return depth != Depth.ORDERS;
    }

    boolean isThorough() {
        return depth == Depth.ALL;
    }

    /// Notes a difference.
    ///
    /// @return whether it is to be mended now
    boolean mends(String where, String what, String found, String wanted) {
        // Two matchers may look at the same thing, as at the host's end of the ingress network: it is told of once.
        if (differences.stream()
                .noneMatch(each -> each.where().equals(where)
                        && each.what().equals(what)
                        && each.found().equals(found))) {
            differences.add(new Difference(where, what, found, wanted));
        }
        return mending;
    }

    /// Notes one if something does not hold.
    ///
    /// @return whether it is to be mended now
    boolean mendsUnless(boolean holds, String where, String what, String found, String wanted) {
        return !holds && mends(where, what, found, wanted);
    }

    /// Many of one sort as one text: the first few by name.
    static String summary(List<String> names) {
        return names.size() <= NAMED
                ? String.join(", ", names)
                : "%s and %d more".formatted(String.join(", ", names.subList(0, NAMED)), names.size() - NAMED);
    }

    List<Difference> differences() {
        return List.copyOf(differences);
    }

    /// By which tables are compared, until this is closed.
    TableCheck tables() {
        return tables;
    }

    @Override
    public void close() throws IOException {
        tables.close();
    }
}
