namespace IdentityProvider.Protocol.Authorization;

/// <summary>OAuth Multiple Response Types §2.1, OAuth Form Post §2.</summary>
public static class ResponseModes
{
    public const string Query = "query";
    public const string Fragment = "fragment";
    public const string FormPost = "form_post";

    public static IReadOnlyList<string> Supported { get; } = [Query, Fragment, FormPost];
}
