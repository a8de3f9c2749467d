package io.panal.cli.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A parsed template: pieces of text and actions.
sealed interface Part {
    record Text(String text) implements Part {}

    record Show(Pipeline pipeline) implements Part {}

    record If(Pipeline condition, List<Part> then, List<Part> otherwise) implements Part {}

    record With(Pipeline value, List<Part> then, List<Part> otherwise) implements Part {}

    record Range(Pipeline over, List<Part> body, List<Part> otherwise) implements Part {}

    record Invoke(String name, Pipeline data) implements Part {}

    record Break() implements Part {}

    record Continue() implements Part {}

    /// Calls joined by `|`, their result perhaps given to variables.
    record Pipeline(List<String> variables, boolean declares, List<Call> calls) {}

    record Call(List<Operand> words) {}

    sealed interface Operand {
        record Dot() implements Operand {}

        record Literal(@Nullable Object value) implements Operand {}

        record Field(List<String> names) implements Operand {}

        record Variable(String name, List<String> names) implements Operand {}

        record Named(String name) implements Operand {}

        record Nested(Pipeline pipeline, List<String> names) implements Operand {}
    }
}
