using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using IdentityProvider.Server.Tests.Documentation;

namespace IdentityProvider.Server.Tests;

/// <summary>
/// Compares a response with the file that says what it must be. Members that differ from run to run are replaced by the caller. Set
/// IDP_WRITE_GOLDEN=1 to write the files anew, and look at the difference before it is committed.
/// </summary>
internal static class Golden
{
    // Not by the path of this file: a deterministic build does not know it.
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "IdentityProvider.Server.Tests", "Golden");

    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void AssertEqual(string name, JsonElement actual, params string[] varying)
    {
        var file = Path.Combine(Folder, name);
        var node = JsonNode.Parse(actual.GetRawText())!.AsObject();
        foreach (var member in varying)
        {
            Assert.True(node.ContainsKey(member), member + " is missing");
            node[member] = "(varies)";
        }

        var text = node.ToJsonString(Indented) + "\n";
        if (Environment.GetEnvironmentVariable("IDP_WRITE_GOLDEN") is "1")
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllText(file, text);
        }

        Assert.Equal(File.ReadAllText(file), text);
    }
}
