package io.panal.images.client;

import io.panal.images.client.Session.Call;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Lists that come in pages, each naming the next by `Link: <...>; rel="next"`.
final class Pages {
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>;\\s*rel=\"?next\"?");
    private static final int LARGEST_PAGE = 16 << 20;
    private static final int MOST_PAGES = 1000;

    private Pages() {}

    /// @param field the JSON field that holds the names
    static List<String> all(Session session, String pathAndQuery, String field) throws IOException {
        List<String> names = new ArrayList<>();
        String next = pathAndQuery;
        for (int page = 0; page < MOST_PAGES; page++) {
            HttpResponse<InputStream> response = Session.expect(session.send(new Call("GET", next)), 200);
            try (InputStream body = response.body()) {
                JsonMapper.shared()
                        .readTree(body.readNBytes(LARGEST_PAGE))
                        .path(field)
                        .forEach(name -> names.add(name.asString("")));
            } catch (JacksonException notJson) {
                throw RegistryException.refused("the registry's list is not JSON: " + notJson.getOriginalMessage());
            }
            Matcher link = NEXT.matcher(response.headers().firstValue("Link").orElse(""));
            if (!link.find()) {
                return names;
            }
            next = link.group(1);
        }
        throw RegistryException.refused("the registry's list has no end");
    }
}
