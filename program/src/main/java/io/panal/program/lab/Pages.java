package io.panal.program.lab;

import io.panal.cli.command.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Fetches the page through every machine's address, wherever the tasks are.
record Pages(Site site, Map<String, String> addresses, Console console) {
    private static final int PATIENCE_MILLIS = 10_000;

    void fetchAll() throws Failure {
        console.step("8. The page, through all six addresses");
        for (String machine : Site.machines()) {
            String url = "http://%s:%d/".formatted(addresses.getOrDefault(machine, ""), Lab.PORT);
            console.command("curl " + url);
            try {
                console.note("%s  %s".formatted(machine, fetch(url)));
            } catch (IOException failed) {
                throw Failure.because(
                        "the page does not come through %s (%s): %s\nLook at: panal machine ssh %s docker service ps %s"
                                .formatted(machine, url, failed.getMessage(), Site.MANAGERS.getFirst(), Lab.SERVICE));
            }
        }
        console.done("the same page from each");
    }

    private static String fetch(String url) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url).toURL().openConnection();
        connection.setConnectTimeout(PATIENCE_MILLIS);
        connection.setReadTimeout(PATIENCE_MILLIS);
        try (InputStream body = connection.getInputStream()) {
            String page = new String(body.readAllBytes(), StandardCharsets.UTF_8);
            int begin = page.indexOf("<title>");
            int end = page.indexOf("</title>");
            String title =
                    begin < 0 || end < begin ? "%d bytes".formatted(page.length()) : page.substring(begin + 7, end);
            return "%d %s".formatted(connection.getResponseCode(), title);
        } finally {
            connection.disconnect();
        }
    }
}
