package io.panal.cli.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ListingTest {
    private static final Listing VOLUMES = new Listing(
            "*formatter.volumeContext",
            "table {{.Driver}}\t{{.Name}}",
            Map.of("Driver", "DRIVER", "Name", "VOLUME NAME"));
    private static final List<Map<String, Object>> ROWS =
            List.of(Map.of("Driver", "local", "Name", "v1"), Map.of("Driver", "a-longer-one", "Name", "v2"));

    @Test
    void aColumnIsTenWideAtLeastWithAGutterOfThree() {
        assertThat(VOLUMES.render("", List.of())).isEqualTo("DRIVER    VOLUME NAME\n");
        assertThat(VOLUMES.render("table", ROWS))
                .isEqualTo("DRIVER         VOLUME NAME\nlocal          v1\na-longer-one   v2\n");
    }

    @Test
    void aTableTemplateHasItsHeaders() {
        assertThat(VOLUMES.render("table {{upper .Name}}\\t{{json .Driver}}", ROWS))
                .isEqualTo("VOLUME NAME   DRIVER\nV1            \"local\"\nV2            \"a-longer-one\"\n");
    }

    @Test
    void jsonIsOneLineARowByName() {
        assertThat(VOLUMES.render("json", ROWS).lines().findFirst()).hasValue("{\"Driver\":\"local\",\"Name\":\"v1\"}");
    }
}
