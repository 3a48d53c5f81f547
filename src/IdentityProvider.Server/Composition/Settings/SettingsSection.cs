namespace IdentityProvider.Server.Composition.Settings;

/// <summary>A section of the schema.</summary>
/// <param name="Name">Below <c>IdentityProvider</c>.</param>
/// <param name="Type">The options class.</param>
/// <param name="Validate">
/// Its problems, one line each, beginning with the path below <c>IdentityProvider</c> and a space: <c>Tokens:clock_skew must be ...</c>.
/// </param>
internal sealed record SettingsSection(string Name, Type Type, Func<object, IEnumerable<string>> Validate)
{
    public static SettingsSection Of<T>(string name, Func<T, IEnumerable<string>> validate)
        where T : class, new() => new(name, typeof(T), options => validate((T)options));
}
