using System.Text.Json;
using System.Text.Json.Nodes;

namespace IdentityProvider.Server.Composition.Settings;

/// <summary>
/// Single values from environment variables (<c>IdentityProvider__Tokens__access_token_lifetime</c>) and the command line
/// (<c>--IdentityProvider:Tokens:access_token_lifetime=300</c>). Objects of a list are addressed by their identifier and must exist in a
/// file: <c>IdentityProvider__Declared__Clients__web-app__client_secret</c>. Letter case does not count; lists are written as JSON.
/// </summary>
internal sealed class SettingsOverlay(SettingsMerger merger, ICollection<SettingsProblem> problems)
{
    /// <summary>The source of what stands on the command line.</summary>
    public const string CommandLine = "command line";

    /// <param name="schema">Of the section that <paramref name="path"/> is relative to.</param>
    /// <param name="path">Parts below the section.</param>
    /// <param name="text">The value as written.</param>
    /// <param name="root">Name of the section, for problems.</param>
    /// <param name="source">What to name in problems.</param>
    public void Set(SettingsNode schema, IReadOnlyList<string> path, string text, string root, string source)
    {
        var node = schema;
        var target = merger.Root;
        var at = root;
        var inList = false;
        foreach (var part in path)
        {
            // Below a list the next part is an identifier, and the part after it a member.
            var known = node.IsList && !inList ? target.Members.Keys : node.Members.Keys;
            var name = known.FirstOrDefault(candidate => string.Equals(candidate, part, StringComparison.Ordinal))
                ?? known.FirstOrDefault(candidate => string.Equals(candidate, part, StringComparison.OrdinalIgnoreCase))
                ?? (node.FindMember(part) is not null ? part : null);
            if (name is null)
            {
                problems.Add(new SettingsProblem($"{at}:{part}", source, SettingsMerger.Unknown(part, known)));
                return;
            }

            at = $"{at}:{name}";
            target = target.Child(name);
            if (node.IsList && !inList)
            {
                inList = true;
            }
            else
            {
                node = node.FindMember(name)!;
                inList = false;
            }
        }

        if (!node.IsValue)
        {
            problems.Add(new SettingsProblem(at, source, "is not a single value."));
            return;
        }

        if (source is CommandLine && SecretSettings.Is(node, text))
        {
            problems.Add(new SettingsProblem(at, source, SecretSettings.OnCommandLine));
        }

        target.Source = source;
        target.Value = Read(text, at, source);
    }

    private JsonNode? Read(string text, string at, string source)
    {
        if (!text.StartsWith('[') && !text.StartsWith('{'))
        {
            return JsonValue.Create(text);
        }

        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            problems.Add(new SettingsProblem(at, source, "begins like JSON but is none."));
            return null;
        }
    }
}
