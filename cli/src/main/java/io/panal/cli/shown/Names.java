package io.panal.cli.shown;

import io.panal.cli.client.Engine;
import io.panal.cli.client.Query;
import io.panal.cli.client.RefusedException;
import io.panal.cli.json.Tree;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// The names behind ids, each asked for once; an id stays as it is when names are not wanted or there is none.
public final class Names {
    private final Engine engine;
    private final boolean wanted;
    private final Map<String, String> known = new HashMap<>();

    /// @param wanted false for `--no-resolve`
    public Names(Engine engine, boolean wanted) {
        this.engine = engine;
        this.wanted = wanted;
    }

    public String node(String id) throws IOException {
        if (!wanted || id.isEmpty()) {
            return id;
        }
        String name = known.get("node " + id);
        if (name == null) {
            Tree node = ask(Query.of("/nodes/", id));
            name = node.text("Spec.Name");
            name = name.isEmpty() ? node.text("Description.Hostname") : name;
            name = name.isEmpty() ? id : name;
            known.put("node " + id, name);
        }
        return name;
    }

    public String service(String id) throws IOException {
        if (!wanted || id.isEmpty()) {
            return id;
        }
        String name = known.get("service " + id);
        if (name == null) {
            name = ask(Query.of("/services/", id).with("insertDefaults", false)).text("Spec.Name");
            name = name.isEmpty() ? id : name;
            known.put("service " + id, name);
        }
        return name;
    }

    private Tree ask(Query query) throws IOException {
        try {
            return engine.get(query.toString());
        } catch (RefusedException gone) {
            if (gone.status() >= 500) {
                throw gone;
            }
            return Tree.empty();
        }
    }
}
