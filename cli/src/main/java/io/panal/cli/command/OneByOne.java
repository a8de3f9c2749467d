package io.panal.cli.command;

import io.panal.cli.client.RefusedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Goes through the objects that a command names; one that is refused does not keep the others from their turn.
public final class OneByOne {
    private OneByOne() {}

    /// What is done with one of them.
    public interface Work {
        void on(String reference) throws Failure, IOException;
    }

    /// @return 0, the command's exit code
    /// @throws Failure with what was refused, a line each, once all had their turn
    public static int run(List<String> references, Work work) throws Failure, IOException {
        List<String> errors = new ArrayList<>();
        for (String reference : references) {
            try {
                work.on(reference);
            } catch (RefusedException refused) {
                errors.add(String.valueOf(refused.getMessage()));
            }
        }
        if (!errors.isEmpty()) {
            throw Failure.because(String.join("\n", errors));
        }
        return 0;
    }
}
