package io.panal.cli.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something a template can call.
@FunctionalInterface
public interface Function {
    /// @throws TemplateFailure when the arguments do not fit
    @Nullable
    Object call(List<@Nullable Object> arguments);
}
