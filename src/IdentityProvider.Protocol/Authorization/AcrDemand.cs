using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Sessions;

namespace IdentityProvider.Protocol.Authorization;

/// <summary>
/// The level of authentication that a request asks for. An essential <c>acr</c> (OIDC Core §5.5.1.1) and the client's <c>idp_require_acr</c>
/// must be met; <c>acr_values</c> are a wish (OIDC Core §3.1.2.1), which a person is asked to fulfil and may decline. RFC 9470 §5 says that a
/// server SHOULD refuse then; as older clients send <c>acr_values</c> as a preference, who means it says so by the other two.
/// </summary>
/// <param name="Required">Lowest level that will do; 0 for any, <see cref="Unknown"/> when none of the values asked for is ours.</param>
/// <param name="Wished">Lowest level among <c>acr_values</c> that the server can give; 0 for none.</param>
public sealed record AcrDemand(int Required, int Wished)
{
    /// <summary>Above every level.</summary>
    public const int Unknown = int.MaxValue;

    public static AcrDemand None { get; } = new(0, 0);

    /// <param name="request">What is asked.</param>
    /// <param name="highest">The highest level that the server can give: what is wished beyond it is not asked for.</param>
    public static AcrDemand Of(AuthorizationRequest request, int highest)
    {
        ArgumentNullException.ThrowIfNull(request);
        var required = Math.Max(LowestOf(request.Claims.EssentialAcr, Unknown), OfClient(request.Client));
        var wished = LowestOf(request.AcrValues.Where(value => AcrValues.LevelOf(value) <= highest), 0);
        return new AcrDemand(required, wished);
    }

    public static int OfClient(Client client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.RequireAcr is { } acr ? AcrValues.LevelOf(acr) : 0;
    }

    /// <summary>Whether <paramref name="acr"/> is enough for what must be met.</summary>
    public bool IsMetBy(string? acr) => AcrValues.LevelOf(acr) >= Required;

    /// <summary>Whether <paramref name="acr"/> is enough for what is wished, too.</summary>
    public bool IsFulfilledBy(string? acr) => AcrValues.LevelOf(acr) >= Math.Max(Required, Wished);

    /// <summary>
    /// The <c>acr</c> to answer with: one of those asked for where the session reached it, for a client that asks for <c>1</c> compares with
    /// <c>1</c> (OIDC Core §5.5.1.1: "the acr Claim Value … MUST match one of the requested values"). A level includes those below.
    /// </summary>
    public static string? Answer(AuthorizationRequest request, string? reached)
    {
        ArgumentNullException.ThrowIfNull(request);
        var asked = request.Claims.EssentialAcr.Count > 0 ? request.Claims.EssentialAcr : request.AcrValues;
        return asked.Where(value => AcrValues.Includes(reached, value)).MaxBy(AcrValues.LevelOf) ?? reached;
    }

    private static int LowestOf(IEnumerable<string> values, int otherwise)
    {
        var any = false;
        var lowest = int.MaxValue;
        foreach (var value in values)
        {
            any = true;
            lowest = AcrValues.LevelOf(value) is > 0 and var level && level < lowest ? level : lowest;
        }

        return !any ? 0 : lowest == int.MaxValue ? otherwise : lowest;
    }
}
