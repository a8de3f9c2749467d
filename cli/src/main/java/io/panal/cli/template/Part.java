package io.panal.cli.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A parsed template: pieces of text and actions, each of which knows how to run.
sealed interface Part {
    /// Writes this part.
    ///
    /// @return how it ended, which the block it stands in acts on
    End run(Run run, @Nullable Object dot);

    /// How a block ended.
    enum End {
        REACHED,
        BREAK,
        CONTINUE
    }

    record Text(String text) implements Part {
        @Override
        public End run(Run run, @Nullable Object dot) {
            run.write(text);
            return End.REACHED;
        }
    }

    record Show(Pipeline pipeline) implements Part {
        @Override
        public End run(Run run, @Nullable Object dot) {
            Object value = run.value(pipeline, dot);
            if (pipeline.variables().isEmpty()) {
                run.write(GoText.shown(value));
            }
            return End.REACHED;
        }
    }

    record If(Pipeline condition, List<Part> then, List<Part> otherwise) implements Part {
        @Override
        public End run(Run run, @Nullable Object dot) {
            return run.block(GoText.isTrue(run.value(condition, dot)) ? then : otherwise, dot);
        }
    }

    record With(Pipeline value, List<Part> then, List<Part> otherwise) implements Part {
        @Override
        public End run(Run run, @Nullable Object dot) {
            Object inside = run.value(value, dot);
            return GoText.isTrue(inside) ? run.block(then, inside) : run.block(otherwise, dot);
        }
    }

    record Range(Pipeline over, List<Part> body, List<Part> otherwise) implements Part {
        @Override
        public End run(Run run, @Nullable Object dot) {
            return run.range(this, dot);
        }
    }

    record Invoke(String name, Pipeline data) implements Part {
        @Override
        public End run(Run run, @Nullable Object dot) {
            run.invoke(name, run.value(data, dot));
            return End.REACHED;
        }
    }

    record Break() implements Part {
        @Override
        public End run(Run run, @Nullable Object dot) {
            return End.BREAK;
        }
    }

    record Continue() implements Part {
        @Override
        public End run(Run run, @Nullable Object dot) {
            return End.CONTINUE;
        }
    }

    /// Calls joined by `|`, their result perhaps given to variables.
    record Pipeline(List<String> variables, boolean declares, List<Call> calls) {}

    record Call(List<Operand> words) {}

    /// A word of a call.
    sealed interface Operand {
        /// Its value.
        ///
        /// @param arguments what it is called with; only names of functions and fields take any
        @Nullable
        Object value(Run run, @Nullable Object dot, List<@Nullable Object> arguments);

        /// How an error names it.
        String shown();

        record Dot() implements Operand {
            @Override
            public @Nullable Object value(Run run, @Nullable Object dot, List<@Nullable Object> arguments) {
                return dot;
            }

            @Override
            public String shown() {
                return ".";
            }
        }

        record Literal(@Nullable Object constant) implements Operand {
            @Override
            public @Nullable Object value(Run run, @Nullable Object dot, List<@Nullable Object> arguments) {
                return constant;
            }

            @Override
            public String shown() {
                return GoText.shown(constant);
            }
        }

        record Field(List<String> names) implements Operand {
            @Override
            public @Nullable Object value(Run run, @Nullable Object dot, List<@Nullable Object> arguments) {
                return run.chain(dot, names, arguments);
            }

            @Override
            public String shown() {
                return "." + String.join(".", names);
            }
        }

        record Variable(String name, List<String> names) implements Operand {
            @Override
            public @Nullable Object value(Run run, @Nullable Object dot, List<@Nullable Object> arguments) {
                return run.chain(run.variable(name), names, arguments);
            }

            @Override
            public String shown() {
                return name;
            }
        }

        record Named(String name) implements Operand {
            @Override
            public @Nullable Object value(Run run, @Nullable Object dot, List<@Nullable Object> arguments) {
                return Functions.call(name, arguments, run.isHeader());
            }

            @Override
            public String shown() {
                return name;
            }
        }

        record Nested(Pipeline pipeline, List<String> names) implements Operand {
            @Override
            public @Nullable Object value(Run run, @Nullable Object dot, List<@Nullable Object> arguments) {
                return run.chain(run.value(pipeline, dot), names, arguments);
            }

            @Override
            public String shown() {
                return "(...)";
            }
        }
    }
}
