using System.Reflection;
using System.Text.RegularExpressions;
using IdentityProvider.Accounts;
using IdentityProvider.Admin.Declared;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Server.Composition;
using IdentityProvider.Server.Tests.Documentation;
using IdentityProvider.Storage;

namespace IdentityProvider.Server.Tests.Security;

/// <summary>What people and clients send is read by parsers of our own; the few patterns there are cannot run for ever.</summary>
public sealed partial class PatternTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private static readonly Assembly[] Ours =
    [
        typeof(Client).Assembly, typeof(Account).Assembly, typeof(DeclaredClient).Assembly, typeof(StorageOptions).Assembly,
        typeof(StartArguments).Assembly,
    ];

    [Fact]
    [Case(382)]
    public void Every_pattern_has_a_time_limit()
    {
        const BindingFlags Any = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var patterns = Ours.SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(Any))
            .Where(method => method.GetCustomAttribute<GeneratedRegexAttribute>() is not null)
            .Select(method => (Regex)method.Invoke(obj: null, parameters: null)!)
            .ToList();

        Assert.NotEmpty(patterns);
        Assert.Empty(patterns
            .Where(pattern => !pattern.Options.HasFlag(RegexOptions.NonBacktracking) && !(pattern.MatchTimeout > TimeSpan.Zero && pattern.MatchTimeout <= Longest))
            .Select(pattern => pattern.ToString()));
    }

    [Fact]
    [Case(382)]
    public void No_pattern_is_made_while_the_server_runs()
    {
        string[] projects = ["Protocol", "Accounts", "Storage", "Admin", "Server", "ResourceServer"];
        var files = projects.SelectMany(project => Directory.EnumerateFiles(
            Path.Combine(Repository.Root, "src", "IdentityProvider." + project), "*.cs", SearchOption.AllDirectories));

        Assert.DoesNotContain(
            files.Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)),
            file => MadeAtRunTime().IsMatch(File.ReadAllText(file)));
    }

    [GeneratedRegex(@"new Regex\(|\bRegex\.(IsMatch|Match|Matches|Replace|Split|Count)\(", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MadeAtRunTime();
}
