package io.panal.cli.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.panal.cli.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {
    private static final String DATA = """
            {"Name":"web","Replicas":3,"Ratio":0.25,"Up":true,"Down":false,"None":null,
             "Labels":{"b":"2","a":"1"},"Ports":[80,443],
             "Tasks":[{"Slot":1,"Node":"n1"},{"Slot":2,"Node":"n2"}],"Odd":"<a&b>"}
            """;

    @ParameterizedTest(name = "{0} gives {1}")
    @CsvSource(delimiter = '¦', quoteCharacter = '~', textBlock = """
            {{.Name}}                                                          ¦ web
            a {{- .Name -}} b                                                  ¦ awebb
            {{/* nothing */}}x                                                 ¦ x
            {{.Labels.a}} {{.Labels}}                                          ¦ 1 map[a:1 b:2]
            {{.Nothing}}                                                       ¦ <no value>
            {{.None}}                                                          ¦ <no value>
            {{json .Labels}}                                                   ¦ {"b":"2","a":"1"}
            {{json .Odd}}                                                      ¦ "<a&b>"
            {{.Ports}} {{len .Ports}} {{index .Ports 1}}                       ¦ [80 443] 2 443
            {{range .Tasks}}{{.Slot}}={{.Node}};{{end}}                        ¦ 1=n1;2=n2;
            {{range $i, $t := .Tasks}}{{$i}}:{{$t.Node}} {{$.Name}},{{end}}    ¦ 0:n1 web,1:n2 web,
            {{range $k, $v := .Labels}}{{$k}}{{$v}}{{end}}                     ¦ a1b2
            {{range .None}}x{{else}}none{{end}}                                ¦ none
            {{range .Ports}}{{if eq . 443}}{{break}}{{end}}{{.}}{{end}}        ¦ 80
            {{if .Up}}up{{else}}down{{end}}                                    ¦ up
            {{if .Down}}a{{else if gt .Replicas 2}}b{{else}}c{{end}}           ¦ b
            {{if and .Up (not .Down)}}y{{end}}                                 ¦ y
            {{with .Labels}}{{.b}}{{end}}                                      ¦ 2
            {{$x := .Name}}{{$x = upper $x}}{{$x}}                             ¦ WEB
            {{printf "%s-%03d %5.1f%%" .Name .Replicas .Ratio}}                ¦ web-003   0.2%
            {{printf "%-6s|%6s|" .Name .Name | println}}                       ¦ ~web   |   web|\n~
            {{printf "%q %v %T" .Name .Up .Replicas}}                          ¦ "web" true int
            {{join (split "a,b,c" ",") "-"}}                                   ¦ a-b-c
            {{.Name | upper | printf "%s!"}}                                   ¦ WEB!
            {{title "hello world"}} {{lower "ABC"}}                            ¦ Hello World abc
            {{pad .Name 1 2}}.                                                 ¦ ~ web  .~
            {{truncate .Name 2}}                                               ¦ we
            {{(index .Tasks 0).Node}}                                          ¦ n1
            {{.Ratio}} {{1.5}} {{"q\\"q"}} {{`raw`}}                           ¦ 0.25 1.5 q"q raw
            {{define "t"}}<{{.}}>{{end}}{{template "t" .Name}}                 ¦ <web>
            {{slice .Name 1 2}}{{print 1 2 "x"}}                               ¦ e1 2x
            """)
    void rendersAsGoDoes(String template, String expected) throws IOException {
        Object data = Json.read(DATA.getBytes(StandardCharsets.UTF_8));

        String text = Template.parse(template).render(data);

        assertThat(text).isEqualTo(expected.replace("\\n", "\n").replace("\\\\u", "\\u"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '¦', quoteCharacter = '~', textBlock = """
            {{.Name        ¦ template: :1: unclosed action
            {{.Name} x     ¦ template: :1: bad character U+007D '}'
            {{nope .}}     ¦ template: :1: function "nope" not defined
            {{if .X}}      ¦ template: :1: unexpected EOF
            {{end}}        ¦ template: :1: unexpected {{end}}
            """)
    void refusesWhatIsNoTemplate(String template, String message) {
        assertThatThrownBy(() -> Template.parse(template)).hasMessage(message);
    }

    @Test
    void aRowRefusesANameItDoesNotHave() {
        var row = new Row("*node.nodeContext", Map.of("ID", "x"));

        assertThatThrownBy(() -> Template.parse("{{.Nope}}").render(row))
                .hasMessage("template: :1:2: executing \"\" at <.Nope>: "
                        + "can't evaluate field Nope in type *node.nodeContext");
    }
}
