import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.javarosa.core.model.Constants;
import org.javarosa.core.model.FormDef;
import org.javarosa.core.model.FormIndex;
import org.javarosa.core.model.GroupDef;
import org.javarosa.core.model.IFormElement;
import org.javarosa.core.model.QuestionDef;
import org.javarosa.core.model.SelectChoice;
import org.javarosa.core.model.condition.EvaluationContext;
import org.javarosa.core.model.condition.IFunctionHandler;
import org.javarosa.core.model.data.DateData;
import org.javarosa.core.model.data.DateTimeData;
import org.javarosa.core.model.data.IAnswerData;
import org.javarosa.core.model.data.MultipleItemsData;
import org.javarosa.core.model.data.SelectMultiData;
import org.javarosa.core.model.data.SelectOneData;
import org.javarosa.core.model.data.StringData;
import org.javarosa.core.model.data.helper.Selection;
import org.javarosa.core.model.instance.InstanceInitializationFactory;
import org.javarosa.core.model.instance.TreeElement;
import org.javarosa.core.model.instance.TreeReference;
import org.javarosa.core.model.utils.DateUtils;
import org.javarosa.core.model.utils.IPreloadHandler;
import org.javarosa.core.reference.PrefixedRootFactory;
import org.javarosa.core.reference.Reference;
import org.javarosa.core.reference.ReferenceManager;
import org.javarosa.core.services.IPropertyManager;
import org.javarosa.core.services.PropertyManager;
import org.javarosa.core.services.properties.IPropertyRules;
import org.javarosa.form.api.FormEntryController;
import org.javarosa.form.api.FormEntryModel;
import org.javarosa.form.api.FormEntryPrompt;
import org.javarosa.model.xform.XFormsModule;
import org.javarosa.xform.util.XFormAnswerDataParser;
import org.javarosa.xform.util.XFormAnswerDataSerializer;
import org.javarosa.xform.util.XFormUtils;
import org.joda.time.DateTimeUtils;

/**
 * JavaRosa behind a line protocol: one JSON object a line in, one out.
 *
 * <p>{@code load}, {@code answer}, {@code add} and {@code remove} act, {@code refresh} computes every rule again; each answers with what changed in the
 * state since the last answer: {@code nodes} (ref to [value, relevant, readonly, required, constraint ok])
 * and {@code choices} (ref to codes), with null for what is gone. After every act all questions are stepped
 * through as a person filling in the form would, for JavaRosa makes counted rows and drops answers that are
 * no longer offered only when it comes to them.
 */
public final class Oracle {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PASSES = 6;

    private final XFormAnswerDataSerializer serializer = new XFormAnswerDataSerializer();
    private final Map<String, String> properties;
    private Date now = new Date();
    private FormDef form;
    private FormEntryModel model;
    private FormEntryController controller;
    private Set<String> repeats = new HashSet<>();
    private Map<String, FormIndex> prompts = new HashMap<>();
    private Map<String, FormIndex> rows = new HashMap<>();
    private Map<String, QuestionDef> questions = new HashMap<>();
    private Map<String, ArrayNode> choices = new HashMap<>();
    private Map<String, JsonNode> nodesBefore = new HashMap<>();
    private Map<String, JsonNode> choicesBefore = new HashMap<>();

    private Oracle(Map<String, String> properties) {
        this.properties = properties;
    }

    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        System.setOut(System.err); // JavaRosa prints; only answers may reach the pipe
        new XFormsModule().registerModule();
        Map<String, String> properties = new HashMap<>();
        for (String pair : args) {
            properties.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        Oracle oracle = new Oracle(properties);
        PropertyManager.setPropertyManager(oracle.propertyManager());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            ObjectNode answer = JSON.createObjectNode();
            try {
                oracle.act(JSON.readTree(line), answer);
            } catch (Exception | StackOverflowError error) {
                answer.removeAll();
                answer.put("error", error.getClass().getSimpleName() + ": " + error.getMessage());
            }
            out.println(JSON.writeValueAsString(answer));
            out.flush();
        }
    }

    private void act(JsonNode request, ObjectNode answer) throws Exception {
        switch (request.get("op").asText()) {
            case "load":
                load(request.get("xml").asText(), request.get("media").asText());
                break;
            case "answer":
                answer(request.get("ref").asText(), request.get("value").asText());
                break;
            case "add":
                form.createNewRepeat(known(prompts, request.get("ref").asText()));
                break;
            case "remove":
                form.deleteRepeat(known(rows, request.get("ref").asText()));
                break;
            case "refresh":
                form.initialize(false, new InstanceInitializationFactory());
                break;
            default:
                throw new IllegalArgumentException("unknown op");
        }
        visitAll();
        answer.put("now", now.getTime());
        report(answer);
    }

    private static FormIndex known(Map<String, FormIndex> indices, String ref) {
        FormIndex index = indices.get(ref);
        if (index == null) {
            throw new IllegalArgumentException("no index for " + ref);
        }
        return index;
    }

    // ---- loading ---------------------------------------------------------------------------------------

    private void load(String xml, String media) throws Exception {
        ReferenceManager.instance().reset();
        ReferenceManager.instance().addReferenceFactory(new Folder(new File(media)));
        try (InputStream in = new FileInputStream(xml)) {
            now = new Date();
            DateTimeUtils.setCurrentMillisFixed(now.getTime()); // what now() reads; today() reads the real clock
            form = XFormUtils.getFormFromInputStream(in);
        }
        for (String kind : new String[] {"timestamp", "date", "property", "uid", "context", "patient"}) {
            form.getPreloader().addPreloadHandler(new Preload(kind));
        }
        form.getEvaluationContext().addFunctionHandler(new Fixed("pulldata", a -> ""));
        form.initialize(true, new InstanceInitializationFactory());
        model = new FormEntryModel(form);
        controller = new FormEntryController(model);
        repeats = new HashSet<>();
        findRepeats(form);
        nodesBefore = new HashMap<>();
        choicesBefore = new HashMap<>();
    }

    private void findRepeats(IFormElement element) {
        if (element instanceof GroupDef && ((GroupDef) element).getRepeat()) {
            repeats.add(plain((TreeReference) element.getBind().getReference(), Integer.MAX_VALUE));
        }
        if (element.getChildren() != null) {
            element.getChildren().forEach(this::findRepeats);
        }
    }

    private static String plain(TreeReference ref, int levels) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < Math.min(levels, ref.size()); i++) {
            path.append('/').append(ref.getName(i));
        }
        return path.toString();
    }

    /** Path with positions of rows, counted from 1. */
    private String key(TreeReference ref, boolean lastPosition) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < ref.size(); i++) {
            path.append('/').append(ref.getName(i));
            boolean last = i == ref.size() - 1;
            if (repeats.contains(plain(ref, i + 1)) && (lastPosition || !last)) {
                path.append('[').append(ref.getMultiplicity(i) + 1).append(']');
            }
        }
        return path.toString();
    }

    // ---- acting ----------------------------------------------------------------------------------------

    private void answer(String ref, String text) {
        TreeElement node = resolve(ref);
        QuestionDef question = questions.get(ref);
        form.setValue(data(text, node, question), node.getRef(), true);
    }

    private TreeElement resolve(String ref) {
        TreeElement node = (TreeElement) form.getMainInstance().getRoot().getParent();
        for (String part : ref.substring(1).split("/")) {
            int at = part.indexOf('[');
            String name = at < 0 ? part : part.substring(0, at);
            node = node.getChild(name, at < 0 ? 0 : Integer.parseInt(part.substring(at + 1, part.length() - 1)) - 1);
            if (node == null) {
                throw new IllegalArgumentException("no node " + ref);
            }
        }
        return node;
    }

    private static IAnswerData data(String text, TreeElement node, QuestionDef question) {
        if (text.isEmpty()) {
            return null;
        }
        int control = question == null ? Constants.CONTROL_UNTYPED : question.getControlType();
        if (control == Constants.CONTROL_SELECT_ONE) {
            return new SelectOneData(new Selection(text));
        }
        List<Selection> picked = new ArrayList<>();
        for (String code : text.trim().split("\\s+")) {
            picked.add(new Selection(code));
        }
        if (control == Constants.CONTROL_SELECT_MULTI) {
            return new SelectMultiData(picked);
        }
        if (control == Constants.CONTROL_RANK) {
            return new MultipleItemsData(picked);
        }
        if (node.getDataType() == Constants.DATATYPE_TEXT || node.getDataType() == Constants.DATATYPE_BINARY) {
            return new StringData(text);
        }
        try {
            return XFormAnswerDataParser.getAnswerData(text, node.getDataType(), question);
        } catch (RuntimeException error) {
            return null; // a person cannot type this into a question of the type
        }
    }

    /** Come to every question, as often as this changes something. */
    private void visitAll() {
        for (int pass = 0; pass < PASSES; pass++) {
            if (!visit()) {
                return;
            }
        }
    }

    private boolean visit() {
        prompts = new HashMap<>();
        rows = new HashMap<>();
        questions = new HashMap<>();
        choices = new HashMap<>();
        int before = size(form.getMainInstance().getRoot());
        boolean cleared = false;
        controller.jumpToIndex(FormIndex.createBeginningOfFormIndex());
        for (int event = controller.stepToNextEvent();
                event != FormEntryController.EVENT_END_OF_FORM;
                event = controller.stepToNextEvent()) {
            FormIndex index = model.getFormIndex();
            if (event == FormEntryController.EVENT_PROMPT_NEW_REPEAT) {
                prompts.put(key(index.getReference(), false), index);
            } else if (event == FormEntryController.EVENT_REPEAT) {
                rows.put(key(index.getReference(), true), index);
            } else if (event == FormEntryController.EVENT_QUESTION) {
                cleared |= ask(index);
            }
        }
        return cleared || size(form.getMainInstance().getRoot()) != before;
    }

    private static int size(TreeElement node) {
        int sum = 1;
        for (int i = 0; i < node.getNumChildren(); i++) {
            sum += size(node.getChildAt(i));
        }
        return sum;
    }

    /** Show a question; true when showing it changed its answer. */
    private boolean ask(FormIndex index) {
        TreeReference ref = index.getReference();
        String key = key(ref, true);
        FormEntryPrompt prompt = new FormEntryPrompt(form, index);
        QuestionDef question = prompt.getQuestion();
        questions.put(key, question);
        int control = question.getControlType();
        if (control != Constants.CONTROL_SELECT_ONE
                && control != Constants.CONTROL_SELECT_MULTI
                && control != Constants.CONTROL_RANK) {
            return false;
        }
        TreeElement node = form.getMainInstance().resolveReference(ref);
        String before = text(node);
        ArrayNode offered = JSON.createArrayNode();
        for (SelectChoice choice : prompt.getSelectChoices()) {
            offered.add(choice.getValue());
        }
        choices.put(key, offered);
        if (before.equals(text(node))) {
            return false;
        }
        form.triggerTriggerables(node.getRef());
        return true;
    }

    // ---- reporting -------------------------------------------------------------------------------------

    private String text(TreeElement node) {
        IAnswerData value = node.getValue();
        if (value == null) {
            return "";
        }
        Object written = serializer.serializeAnswerData(value, node.getDataType());
        return written instanceof String ? (String) written : "";
    }

    private void report(ObjectNode answer) {
        Map<String, JsonNode> nodes = new HashMap<>();
        describe(form.getMainInstance().getRoot(), nodes);
        Map<String, JsonNode> lists = new HashMap<>(choices);
        difference(answer.putObject("nodes"), nodesBefore, nodes);
        difference(answer.putObject("choices"), choicesBefore, lists);
        nodesBefore = nodes;
        choicesBefore = lists;
    }

    private static void difference(ObjectNode out, Map<String, JsonNode> before, Map<String, JsonNode> after) {
        for (Map.Entry<String, JsonNode> entry : after.entrySet()) {
            if (!entry.getValue().equals(before.get(entry.getKey()))) {
                out.set(entry.getKey(), entry.getValue());
            }
        }
        for (String gone : before.keySet()) {
            if (!after.containsKey(gone)) {
                out.putNull(gone);
            }
        }
    }

    private void describe(TreeElement node, Map<String, JsonNode> nodes) {
        if (node.getMultiplicity() == TreeReference.INDEX_TEMPLATE) {
            return;
        }
        ArrayNode state = JSON.createArrayNode();
        boolean leaf = node.getNumChildren() == 0;
        state.add(leaf ? text(node) : null);
        state.add(node.isRelevant());
        state.add(!node.isEnabled());
        state.add(node.isRequired());
        state.add(!leaf || satisfied(node));
        nodes.put(key(node.getRef(), true), state);
        for (int i = 0; i < node.getNumChildren(); i++) {
            describe(node.getChildAt(i), nodes);
        }
    }

    private boolean satisfied(TreeElement node) {
        if (node.getConstraint() == null || node.getValue() == null) {
            return true;
        }
        return form.evaluateConstraint(node.getRef(), node.getValue());
    }

    // ---- surroundings ----------------------------------------------------------------------------------

    private IPropertyManager propertyManager() {
        return new IPropertyManager() {
            @Override
            public List<String> getProperty(String name) {
                return List.of(getSingularProperty(name));
            }

            @Override
            public void setProperty(String name, String value) {
                throw new UnsupportedOperationException(name);
            }

            @Override
            public void setProperty(String name, List<String> value) {
                throw new UnsupportedOperationException(name);
            }

            @Override
            public String getSingularProperty(String name) {
                return properties.getOrDefault(name, "");
            }

            @Override
            public void addRules(IPropertyRules rules) {
                throw new UnsupportedOperationException("rules");
            }

            @Override
            public List<IPropertyRules> getRules() {
                return List.of();
            }
        };
    }

    /** Preloads with the moment of loading. */
    private final class Preload implements IPreloadHandler {
        private final String kind;

        Preload(String kind) {
            this.kind = kind;
        }

        @Override
        public String preloadHandled() {
            return kind;
        }

        @Override
        public IAnswerData handlePreload(String params) {
            if (kind.equals("timestamp") && params.equals("start")) {
                return new DateTimeData(now);
            }
            if (kind.equals("date") && params.equals("today")) {
                return new DateData(DateUtils.roundDate(now));
            }
            if (kind.equals("uid")) {
                return new StringData("uuid:00000000-0000-4000-8000-000000000000");
            }
            String known = kind.equals("property") ? properties.get(params) : null;
            return known == null ? null : new StringData(known);
        }

        @Override
        public boolean handlePostProcess(TreeElement node, String params) {
            return false;
        }
    }

    /** A function JavaRosa leaves to the program around it. */
    private static final class Fixed implements IFunctionHandler {
        private final String name;
        private final Function<Object[], Object> result;

        Fixed(String name, Function<Object[], Object> result) {
            this.name = name;
            this.result = result;
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public List<Class[]> getPrototypes() {
            return new ArrayList<>();
        }

        @Override
        public boolean rawArgs() {
            return true;
        }

        @Override
        public boolean realTime() {
            return false;
        }

        @Override
        public Object eval(Object[] args, EvaluationContext context) {
            return result.apply(args);
        }
    }

    /** Everything below jr:// comes from one folder. */
    private static final class Folder extends PrefixedRootFactory {
        private final File folder;

        Folder(File folder) {
            super(new String[] {"file", "file-csv", "images", "audio", "video"});
            this.folder = folder;
        }

        @Override
        protected Reference factory(String terminal, String uri) {
            File file = new File(folder, terminal.substring(terminal.lastIndexOf('/') + 1));
            return new Reference() {
                @Override
                public boolean doesBinaryExist() {
                    return file.exists();
                }

                @Override
                public InputStream getStream() throws IOException {
                    return Files.newInputStream(file.toPath());
                }

                @Override
                public String getURI() {
                    return uri;
                }

                @Override
                public String getLocalURI() {
                    return file.getPath();
                }

                @Override
                public boolean isReadOnly() {
                    return true;
                }

                @Override
                public OutputStream getOutputStream() throws IOException {
                    throw new IOException("read-only");
                }

                @Override
                public void remove() throws IOException {
                    throw new IOException("read-only");
                }

                @Override
                public Reference[] probeAlternativeReferences() {
                    return new Reference[0];
                }
            };
        }
    }
}
