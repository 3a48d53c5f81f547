namespace IdentityProvider.Server.Composition.Settings;

/// <summary>One thing that is wrong with the configuration.</summary>
/// <param name="Path">From the root, parts separated by colons, such as <c>IdentityProvider:Tokens:access_token_lifetime</c>.</param>
/// <param name="Source">The file, environment variable or command line it came from; null when it came from nowhere because it is missing.</param>
/// <param name="Text">What is wrong and what would be right. Never repeats the value of a secret.</param>
internal sealed record SettingsProblem(string Path, string? Source, string Text)
{
    public override string ToString() => Source is null ? $"{Path}: {Text}" : $"{Path} ({Source}): {Text}";
}
