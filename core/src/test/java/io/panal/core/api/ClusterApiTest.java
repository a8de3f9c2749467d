package io.panal.core.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.core.api.ApiResult.Answered;
import io.panal.core.api.ApiResult.Submit;
import io.panal.core.codec.Codec;
import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Cluster;
import io.panal.core.model.ServiceSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Expected texts are those of Docker 20.10.24 (API 1.41).
class ClusterApiTest {
    private final ClusterApi api = new ClusterApi(() -> "freshfreshfreshfreshfresh", new FakeKeys());

    private ApiResult ask(String method, String target, String body) {
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        String query = mark < 0 ? "" : target.substring(mark + 1);
        return api.handle(new ApiRequest(method, path, Query.parse(query), body, ""), Swarm.view(), Swarm.STANDING);
    }

    private JsonNode get(String target) {
        Answered answered = (Answered) ask("GET", target, "");
        assertThat(answered.status()).as(target).isEqualTo(200);
        return answered.body().orElseThrow();
    }

    private static List<String> texts(JsonNode list, String key) {
        return list.valueStream().map(node -> node.path(key).asString()).toList();
    }

    @Test
    void aServiceComesBackAsItWasSentWithThreeGapsFilled() {
        assertThat(get("/services/web?insertDefaults=false").path("Spec").toString())
                .isEqualTo("""
                        {"Name":"web","Labels":{"a":"b"},"TaskTemplate":{"ContainerSpec":{"Image":"reg:5000/web:1",\
                        "Init":false,"DNSConfig":{},"Isolation":"default"},"Resources":{"Limits":{},"Reservations":{}},\
                        "ForceUpdate":0,"Runtime":"container"},"Mode":{"Replicated":{"Replicas":1}},\
                        "EndpointSpec":{"Mode":"vip"}}""");
        assertThat(get("/services/m2pvvvr").path("Endpoint").toString()).isEqualTo("{\"Spec\":{}}");
    }

    @Test
    void insertDefaultsSaysWhatTheGapsMean() {
        JsonNode spec = get("/services/web?insertDefaults=true").path("Spec");

        assertThat(spec.path("TaskTemplate").path("RestartPolicy").toString())
                .isEqualTo("{\"Condition\":\"any\",\"Delay\":5000000000,\"MaxAttempts\":0}");
        assertThat(spec.path("UpdateConfig").toString())
                .isEqualTo("{\"Parallelism\":1,\"FailureAction\":\"pause\",\"Monitor\":5000000000,"
                        + "\"MaxFailureRatio\":0,\"Order\":\"stop-first\"}");
        assertThat(spec.path("TaskTemplate")
                        .path("ContainerSpec")
                        .path("StopGracePeriod")
                        .asLong())
                .isEqualTo(10_000_000_000L);
    }

    @Test
    void whatIsFilledInStandsWhereDockerWritesIt() {
        JsonNode spec = get("/services/web?insertDefaults=true").path("Spec");

        assertThat(spec.propertyNames())
                .containsExactly(
                        "Name", "Labels", "TaskTemplate", "Mode", "UpdateConfig", "RollbackConfig", "EndpointSpec");
        assertThat(spec.path("TaskTemplate").propertyNames())
                .containsExactly("ContainerSpec", "Resources", "RestartPolicy", "ForceUpdate", "Runtime");
        assertThat(spec.path("TaskTemplate").path("ContainerSpec").propertyNames())
                .containsExactly("Image", "Init", "StopGracePeriod", "DNSConfig", "Isolation");
    }

    @Test
    void namesAreResolvedToOneAddressUnlessTheSpecSaysOtherwise() {
        Submit submit = (Submit) ask(
                "POST",
                "/services/create",
                Swarm.SPEC.replace("\"web\"", "\"open\"").replace("\"Mode\": \"vip\"", "\"Ports\": []"));

        ServiceSpec spec = ((Command.CreateService) submit.command()).spec();
        assertThat(Codec.JSON.tree(spec).path("EndpointSpec").toString()).isEqualTo("{\"Mode\":\"vip\"}");
    }

    @Test
    void serviceStatusCountsTasks() {
        assertThat(get("/services?status=true").path(0).path("ServiceStatus").toString())
                .isEqualTo("{\"RunningTasks\":1,\"DesiredTasks\":1,\"CompletedTasks\":0}");
        assertThat(get("/services").path(0).has("ServiceStatus")).isFalse();
    }

    @ParameterizedTest(name = "{0} is read as {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                           | {"MaxConcurrent":1,"TotalCompletions":1}
            {"MaxConcurrent":2}                          | {"MaxConcurrent":2,"TotalCompletions":2}
            {"TotalCompletions":5}                       | {"MaxConcurrent":1,"TotalCompletions":5}
            {"MaxConcurrent":null,"TotalCompletions":3}  | {"MaxConcurrent":1,"TotalCompletions":3}
            """)
    void aJobAlwaysHasBothItsNumbers(String sent, String read) {
        var submit = (Submit) ask(
                "POST",
                "/services/create",
                Swarm.SPEC.replace("\"web\"", "\"job\"").replace("\"Replicated\": {}", "\"ReplicatedJob\": " + sent));

        ServiceSpec spec = ((Command.CreateService) submit.command()).spec();
        assertThat(Codec.JSON.tree(spec).path("Mode").path("ReplicatedJob").toString())
                .isEqualTo(read);
    }

    @Test
    void aTaskShowsItsServicesSpec() {
        JsonNode task = get("/tasks/lru3iqjhxemd9rzo9x4ajtms7");

        assertThat(task.path("Spec").path("ContainerSpec").path("Image").asString())
                .isEqualTo("reg:5000/web:1");
        assertThat(task.path("Status").path("State").asString()).isEqualTo("running");
        assertThat(task.path("Status").path("PortStatus").toString()).isEqualTo("{}");
        assertThat(texts(get("/tasks"), "Slot")).hasSize(2);
    }

    @Test
    void aSecretNeverShowsItsData() {
        var created = (Submit) ask("POST", "/secrets/create", "{\"Name\": \"s\", \"Data\": \"aGk=\"}");

        assertThat(created.command()).isInstanceOf(Command.CreateSecret.class);
        assertThat(created.outcome(new Answer.Done("id", 1, List.of())))
                .isEqualTo(Answered.json(201, Codec.JSON.parse("{\"ID\":\"id\"}".getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void rotatingATokenKeepsTheDigest() {
        var submit = (Submit) ask("POST", "/swarm/update?version=1&rotateWorkerToken=true", "{}");

        var command = (Command.UpdateCluster) submit.command();
        assertThat(command.fresh().tokens().worker()).isEqualTo("SWMTKN-1-digest-freshfreshfreshfreshfresh");
        assertThat(command.fresh().tokens().manager()).isEmpty();
        assertThat(command.spec()).isEqualTo(Cluster.ClusterSpec.DEFAULT);
    }

    @Test
    void networksMayBeCalledByName() {
        var submit = (Submit) ask(
                "POST",
                "/services/create",
                Swarm.SPEC
                        .replace("\"web\"", "\"two\"")
                        .replace("\"ForceUpdate\"", "\"Networks\": [{\"Target\": \"ov1\"}], \"ForceUpdate\""));

        assertThat(((Command.CreateService) submit.command())
                        .spec()
                        .wantedNetworks()
                        .getFirst()
                        .target())
                .isEqualTo("p8q0lecq33k3tzoc94ujxxwrr");
    }

    @ParameterizedTest(name = "{0} {1} finds {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /services | {"name":{"we":true}}                                             | m2pvvvr5pe89fft5yqj7874at
            /services | {"name":["web"],"mode":["replicated"],"label":["a=b"]}           | m2pvvvr5pe89fft5yqj7874at
            /services | {"id":{"web":true}}                                              | ``
            /services | {"label":{"a=c":true}}                                           | ``
            /tasks    | {"service":{"web":true},"_up-to-date":{"true":true}}             | lru3iqjhxemd9rzo9x4ajtms7
            /tasks    | {"desired-state":{"shutdown":true}}                              | mjvqf5btmejhh8tfq99sbio8t
            /tasks    | {"node":{"docker-swarm-manager-1":true}}                         | ``
            /tasks    | {"label":{"a":true},"desired-state":{"running":true},"name":{"web.1":true}} | lru3iqjhxemd9rzo9x4ajtms7
            /nodes    | {"role":{"manager":true}}                                        | 4t8t0u62f0ss68jjh81hqh1xn
            /nodes    | {"name":{"docker-swarm-w":true},"label":{"zone=a":true},"membership":{"accepted":true}} | uu5fsn7v0stccbljqk1zxzj2y
            """)
    void filters(String path, String filters, String ids) {
        String encoded = filters.replace("%", "%25").replace("+", "%2B").replace("&", "%26");
        assertThat(String.join(" ", texts(get(path + "?filters=" + encoded), "ID")))
                .isEqualTo(ids == null ? "" : ids);
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            GET    | /services/nope                              |     | 404 | service nope not found
            GET    | /tasks/nope                                 |     | 404 | task nope not found
            GET    | /nodes/nope                                 |     | 404 | node nope not found
            GET    | /secrets/nope                               |     | 404 | secret nope not found
            GET    | /configs/nope                               |     | 404 | config nope not found
            GET    | /networks/nope                              |     | 404 | network nope not found
            DELETE | /services/nope                              |     | 404 | service nope not found
            POST   | /services/nope/update?version=1             | {}  | 404 | service nope not found
            POST   | /services/web/update                        | {}  | 400 | invalid service version '': strconv.ParseUint: parsing "": invalid syntax
            POST   | /nodes/uu5/update?version=abc               | {}  | 400 | invalid node version 'abc': strconv.ParseUint: parsing "abc": invalid syntax
            POST   | /nodes/uu5/update?version=1                 | {"Role":"worker","Availability":"sleepy"} | 400 | invalid Availability: "sleepy"
            POST   | /services/create                            | {bad | 400 | invalid character 'b' looking for beginning of object key string
            POST   | /services/create                            | {}  | 400 | mismatched Runtime and *Spec fields
            GET    | /services?filters={"color":{"x":true}}      |     | 400 | invalid filter 'color'
            GET    | /services?filters=nojson                    |     | 400 | invalid filter
            GET    | /services?filters=[]                        |     | 400 | invalid filter
            GET    | /services?filters={"name":5}                |     | 400 | invalid filter
            POST   | /services/create                            | {"Name":1.x} | 400 | invalid character 'x' after decimal point in numeric literal
            POST   | /services/create                            | {"Name":01}  | 400 | invalid character '1' after object key:value pair
            GET    | /tasks?filters={"desired-state":{"x":true}} |     | 400 | Invalid desired-state filter: 'x'
            POST   | /secrets/create                             | {"Name":"a b","Data":"aGk="} | 400 | rpc error: code = InvalidArgument desc = invalid name, only 64 [a-zA-Z0-9-_.] characters allowed, and the start and end character must be [a-zA-Z0-9]
            POST   | /secrets/create                             | {"Name":"big","Data":""}     | 400 | rpc error: code = InvalidArgument desc = secret data must be larger than 0 and less than 512000 bytes
            POST   | /networks/create                            | {"Name":"ov1","Driver":"overlay"} | 409 | network with name ov1 already exists
            POST   | /networks/create                            | {"Name":"a b","Driver":"overlay"} | 400 | rpc error: code = InvalidArgument desc = name must be valid as a DNS name component
            POST   | /swarm/update?version=1                     | {"CAConfig":{"NodeCertExpiry":600000000000}} | 400 | rpc error: code = InvalidArgument desc = minimum certificate expiry time is: 1h0m0s
            """)
    void refusesInDockersWords(String method, String target, String body, int status, String message) {
        Answered answered = (Answered) ask(method, target, body == null ? "" : body);

        assertThat(answered.body().orElseThrow().path("message").asString()).isEqualTo(message);
        assertThat(answered.status()).isEqualTo(status);
    }

    @ParameterizedTest(name = "{0} as {1}: {3}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "web"              | "a_"                   | 400 | InvalidArgument desc = name must be valid as a DNS name component
            "web"              | ""                     | 400 | InvalidArgument desc = meta: name must be provided
            reg:5000/web:1     | BAD::ref               | 400 | InvalidArgument desc = ContainerSpec: "BAD::ref" is not a valid repository/tag
            "Limits": {}       | "Limits": {"MemoryBytes": 1048576} | 400 | InvalidArgument desc = invalid memory value 1048576: Must be at least 4MiB
            "Limits": {}       | "Limits": {"NanoCPUs": 100000}     | 400 | InvalidArgument desc = invalid cpu value 0.0001: Must be at least 0.001
            "Mode": "vip"      | "Mode": "dnsrr", "Ports": [{"TargetPort": 80}] | 400 | InvalidArgument desc = EndpointSpec: port published with ingress mode can't be used with dnsrr mode
            "Mode": "vip"      | "Ports": [{"TargetPort": 80, "PublishedPort": 70000}] | 400 | InvalidArgument desc = EndpointSpec: invalid published port 70000: must be from 0 to 65535
            "Mode": "vip"      | "Ports": [{"TargetPort": 0, "PublishedPort": 80}] | 400 | InvalidArgument desc = EndpointSpec: invalid target port 0: must be from 1 to 65535
            "Mode": "vip"      | "Ports": [{"TargetPort": 1, "PublishedPort": 80}, {"TargetPort": 2, "PublishedPort": 80}] | 400 | InvalidArgument desc = EndpointSpec: duplicate published ports provided
            "Init": false      | "Mounts": [{"Type": "bind", "Target": "/y"}, {"Type": "bind", "Target": "/y"}] | 400 | InvalidArgument desc = ContainerSpec: duplicate mount point: /y
            "ForceUpdate": 0   | "Placement": {"Constraints": ["x"]} | 500 | Unknown desc = constraint expected one operator from ==, !=
            """)
    void refusesASpecAsSwarmkitDoes(String part, String replacement, int status, String message) {
        assertSpecRefused(part, replacement, status, "rpc error: code = " + message);
    }

    @ParameterizedTest(name = "{0} as {1}: {3}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "Init": false      | "Mounts": [{"Type": "weird", "Target": "/y"}] | 400 | invalid MountType: "weird"
            "ForceUpdate": 0   | "RestartPolicy": {"Condition": "maybe"}       | 400 | invalid RestartCondition: "maybe"
            "ForceUpdate": 0   | "Networks": [{"Target": "nope"}]              | 404 | network nope not found
            "Replicated": {}   | "Replicated": {}, "Global": {}                | 400 | must specify only one service mode
            "Replicated": {}   | "Replicated": {"Replicas": -1}                | 400 | json: cannot unmarshal number -1 into Go struct field ReplicatedService.Mode.Replicated.Replicas of type uint64
            """)
    void refusesASpecAsMobyDoes(String part, String replacement, int status, String message) {
        assertSpecRefused(part, replacement, status, message);
    }

    private void assertSpecRefused(String part, String replacement, int status, String message) {
        Answered answered = (Answered) ask("POST", "/services/create", Swarm.SPEC.replace(part, replacement));

        assertThat(answered.body().orElseThrow().path("message").asString()).isEqualTo(message);
        assertThat(answered.status()).isEqualTo(status);
    }

    @ParameterizedTest(name = "{0} as {1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a": "b"}         | 7                           | number into Go struct field ServiceSpec.Labels of type map[string]string
            "Replicated": {}   | "Replicated": {"Replicas": "many"} | string into Go struct field ReplicatedService.Mode.Replicated.Replicas of type uint64
            "Mode": "vip"      | "Ports": [{"TargetPort": "eighty"}] | string into Go struct field PortConfig.EndpointSpec.Ports.TargetPort of type uint32
            "Init": false      | "Mounts": "none"            | string into Go struct field ContainerSpec.TaskTemplate.ContainerSpec.Mounts of type []swarm.Mount
            "Init": false      | "Image": {"a": 1}           | object into Go struct field ContainerSpec.TaskTemplate.ContainerSpec.Image of type string
            "Init": false      | "TTY": "very"               | string into Go struct field ContainerSpec.TaskTemplate.ContainerSpec.TTY of type bool
            """)
    void saysWhatBelongsWhere(String part, String replacement, String message) {
        assertSpecRefused(part, replacement, 400, "json: cannot unmarshal " + message);
    }

    @Test
    void saysWhyABodyIsNoJson() {
        assertThat(ask("POST", "/services/create", "{} {}"))
                .isEqualTo(Answered.refused(400, "unexpected content after JSON"));
        assertThat(ask("POST", "/services/create", "\u0001"))
                .isEqualTo(Answered.refused(400, "invalid character '\\x01' looking for beginning of value"));
        assertThat(ask("POST", "/services/create", " "))
                .isEqualTo(Answered.refused(400, "got EOF while reading request body"));
    }

    @Test
    void onlyAManagerAnswersForTheCluster() {
        ApiRequest nodes = ApiRequest.get("/nodes", "");
        assertThat(api.handle(nodes, Swarm.base(), new Standing.Outside()))
                .isEqualTo(Answered.refused(
                        503,
                        "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" "
                                + "to connect this node to swarm and try again."));
        assertThat(api.handle(ApiRequest.get("/containers/json", ""), Swarm.base(), new Standing.Worker()))
                .isEqualTo(new ApiResult.NotMine());
        assertThat(api.handle(ApiRequest.get("/services/web/logs", ""), Swarm.view(), Swarm.STANDING))
                .isEqualTo(new ApiResult.NotMine());
    }
}
