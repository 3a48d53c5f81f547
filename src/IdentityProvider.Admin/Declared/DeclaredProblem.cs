namespace IdentityProvider.Admin.Declared;

/// <summary>Something wrong with a declared object.</summary>
/// <param name="Path">List, identifier and member, such as <c>Clients:web-app:redirect_uris</c>.</param>
/// <param name="Text">A sentence for the operator; never repeats a secret.</param>
public sealed record DeclaredProblem(string Path, string Text);
