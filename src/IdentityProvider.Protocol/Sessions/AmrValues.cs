namespace IdentityProvider.Protocol.Sessions;

/// <summary>Values of <c>amr</c> that we give: RFC 8176 §2.</summary>
public static class AmrValues
{
    public const string Password = "pwd";
}
