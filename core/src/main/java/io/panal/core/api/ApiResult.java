package io.panal.core.api;

import io.panal.core.codec.Codec;
import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Command;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// What came of a request.
public sealed interface ApiResult {
    /// It is answered.
    ///
    /// @param status the HTTP status
    /// @param body empty for an answer without one
    record Answered(int status, Optional<JsonNode> body) implements ApiResult {
        static Answered json(int status, Object value) {
            return new Answered(status, Optional.of(Codec.JSON.tree(value)));
        }

        static Answered empty(int status) {
            return new Answered(status, Optional.empty());
        }

        /// In docker's error shape.
        public static Answered refused(int status, String message) {
            return json(status, Map.of("message", message));
        }
    }

    /// The leader is to be asked; [#outcome] makes an answer of what it says.
    ///
    /// @param done the answer when the command is committed
    record Submit(Command command, Function<Answer.Done, Answered> done) implements ApiResult {
        /// The one place where a command's answer becomes a status.
        public Answered outcome(Answer answer) {
            return switch (answer) {
                case Answer.Done committed -> done.apply(committed);
                case Answer.Missing(String why) -> Answered.refused(404, why);
                case Answer.Conflict(String why) -> Answered.refused(409, why);
                case Answer.Denied(String why) -> Answered.refused(403, why);
                case Answer.Refused(String why) -> Answered.refused(400, why);
                case Answer.OutOfSequence(String why) -> Answered.refused(500, why);
                case Answer.Unsupported(String why) -> Answered.refused(501, why);
                case Answer.Unavailable(String why) -> Answered.refused(500, why);
            };
        }
    }

    /// The cluster has no part in it: the host answers, or nobody.
    record NotMine() implements ApiResult {}
}
