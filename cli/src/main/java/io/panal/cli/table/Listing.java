package io.panal.cli.table;

import io.panal.cli.template.Row;
import io.panal.cli.template.Template;
import io.panal.cli.template.TemplateFailure;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A kind of list: its default table and the placeholders a `--format` may name.
///
/// @param kind the type's name in a refusal of an unknown placeholder, such as `*node.nodeContext`
/// @param table the default, such as `table {{.ID}}\t{{.Name}}`, its tabs real tabs
/// @param headers column headers by placeholder
public record Listing(String kind, String table, Map<String, String> headers) {
    private static final String TABLE = "table";

    /// The list as text, every line ended.
    ///
    /// @param format as `--format` takes it: empty or `table`, `table TEMPLATE`, `json`, or `TEMPLATE`
    /// @param rows values by placeholder, in the order shown
    /// @throws TemplateFailure when the format is no template or names what a row does not have
    public String render(String format, List<? extends Map<String, @Nullable Object>> rows) {
        boolean isTable = format.isEmpty() || format.startsWith(TABLE);
        var template = Template.parse(templateText(format));
        var out = new StringBuilder();
        for (Map<String, @Nullable Object> row : rows) {
            out.append(template.render(new Row(kind, row))).append('\n');
        }
        if (!isTable) {
            return out.toString();
        }
        Map<String, @Nullable Object> titles = Map.copyOf(headers);
        return Columns.align(template.renderHeader(new Row(kind, titles)) + "\n" + out);
    }

    private String templateText(String format) {
        String text = format.isEmpty() || format.equals(TABLE) ? table : format;
        text = text.startsWith(TABLE) ? text.substring(TABLE.length()).strip() : text;
        return text.equals("json") ? "{{json .}}" : text.replace("\\t", "\t").replace("\\n", "\n");
    }
}
