namespace IdentityProvider.Admin.Declared;

/// <summary>Something wrong with a declared object.</summary>
/// <param name="List"><c>Clients</c>, <c>Scopes</c>, <c>Resources</c> or <c>Accounts</c>.</param>
/// <param name="Identifier">Of the object.</param>
/// <param name="Member">Name of the member; null when it is about the object as a whole.</param>
/// <param name="Text">A sentence for the operator; never repeats a secret.</param>
public sealed record DeclaredProblem(string List, string Identifier, string? Member, string Text)
{
    /// <summary>Parts of the path below <c>IdentityProvider</c>.</summary>
    public IReadOnlyList<string> Path => Member is null ? ["Declared", List, Identifier] : ["Declared", List, Identifier, Member];

    public override string ToString() => $"{string.Join(':', Path)}: {Text}";
}
