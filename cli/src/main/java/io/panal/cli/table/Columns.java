package io.panal.cli.table;

import java.util.ArrayList;
import java.util.List;

/// Aligns cells that end in a tab, by the rules of Go's `text/tabwriter`: a column is a run of lines that have it.
public final class Columns {
    private final int least;
    private final int gutter;
    private final List<String[]> lines;
    private final StringBuilder out = new StringBuilder();
    private final List<Integer> widths = new ArrayList<>();

    private Columns(int least, int gutter, List<String[]> lines) {
        this.least = least;
        this.gutter = gutter;
        this.lines = lines;
    }

    /// Aligned as docker's lists are: a column is at least 10 wide and followed by three blanks.
    ///
    /// @param text lines that each end in a line feed, their cells parted by tabs
    public static String align(String text) {
        return align(text, 10, 3);
    }

    /// @param least the least width of a column, its gutter included
    /// @param gutter blanks between the widest cell of a column and the next column
    public static String align(String text, int least, int gutter) {
        List<String[]> lines = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int end = text.indexOf('\n', at);
            end = end < 0 ? text.length() : end;
            lines.add(cells(text.substring(at, end)));
            at = end + 1;
        }
        var columns = new Columns(least, gutter, lines);
        columns.format(0, 0, lines.size());
        return columns.out.toString();
    }

    private static String[] cells(String line) {
        List<String> cells = new ArrayList<>();
        int at = 0;
        for (int tab = line.indexOf('\t'); tab >= 0; tab = line.indexOf('\t', at)) {
            cells.add(line.substring(at, tab));
            at = tab + 1;
        }
        cells.add(line.substring(at));
        return cells.toArray(new String[0]);
    }

    private void format(int column, int from, int to) {
        int written = from;
        int line = from;
        while (line < to) {
            if (column >= lines.get(line).length - 1) {
                line++;
                continue;
            }
            write(written, line);
            written = line;
            int width = least;
            while (line < to && column < lines.get(line).length - 1) {
                width = Math.max(width, length(lines.get(line)[column]) + gutter);
                line++;
            }
            widths.add(width);
            format(column + 1, written, line);
            widths.removeLast();
            written = line;
        }
        write(written, to);
    }

    private void write(int from, int to) {
        for (String[] cells : lines.subList(from, to)) {
            for (int i = 0; i < cells.length; i++) {
                out.append(cells[i]);
                if (i < widths.size() && i < cells.length - 1) {
                    out.repeat(' ', widths.get(i) - length(cells[i]));
                }
            }
            out.append('\n');
        }
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
