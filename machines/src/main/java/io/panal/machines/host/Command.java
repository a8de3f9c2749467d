package io.panal.machines.host;

import io.panal.machines.model.Execution;
import io.panal.machines.model.MachineFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/// Programs of the host, run to their end.
final class Command {
    private Command() {}

    /// Runs a program with the given input and collects what it says.
    static Execution run(List<String> arguments, String input) throws IOException {
        var builder = new ProcessBuilder(new ArrayList<>(arguments));
        builder.command().set(0, found(arguments.getFirst()));
        builder.environment().put("PATH", Programs.searchPath());
        var process = builder.start();
        try (var readers = Executors.newVirtualThreadPerTaskExecutor()) {
            var output = readers.submit(() -> text(process.getInputStream()));
            var errors = readers.submit(() -> text(process.getErrorStream()));
            feed(process, input);
            return new Execution(process.waitFor(), output.get(), errors.get());
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            var failure = new InterruptedIOException("interrupted while waiting for " + arguments.getFirst());
            failure.initCause(interrupted);
            throw failure;
        } catch (ExecutionException unreadable) {
            throw new IOException("no output of " + arguments.getFirst(), unreadable.getCause());
        }
    }

    /// The program's place; its bare name when it is nowhere, so that the failure to start it names it.
    static String found(String program) {
        return program.startsWith("/")
                ? program
                : Programs.find(program).map(Path::toString).orElse(program);
    }

    /// Runs a shell script; a failure's message is what the script said.
    ///
    /// @param what names the step for the user: "the machine cannot be started"
    static void script(String what, List<String> shell, String script) throws IOException {
        var result = run(shell, script);
        if (result.status() != 0) {
            var said = (result.errors() + result.output()).strip();
            throw new MachineFailure(what + ": " + (said.isEmpty() ? "status " + result.status() : said));
        }
    }

    /// Quotes a word for the shell.
    static String word(Object text) {
        return "'" + text.toString().replace("'", "'\\''") + "'";
    }

    private static void feed(Process process, String input) throws IOException {
        try (var stream = process.getOutputStream()) {
            stream.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException unread) {
            // A program that ends without reading its input says why by its status; the pipe's complaint adds nothing.
            if (process.isAlive()) {
                throw unread;
            }
        }
    }

    private static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
}
