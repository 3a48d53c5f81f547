namespace IdentityProvider.Protocol.Clients;

/// <summary>Something wrong with client metadata.</summary>
/// <param name="Member">Name on the wire: <c>redirect_uris</c>, <c>idp_access_token_lifetime</c> ...</param>
/// <param name="Text">A sentence for whoever registers the client; never repeats a secret.</param>
public sealed record ClientProblem(string Member, string Text)
{
    public override string ToString() => $"{Member}: {Text}";
}
