using IdentityProvider.Redis.Resp;

namespace IdentityProvider.Redis.Connections;

/// <summary>What an error reply means, in words for the operator.</summary>
internal static class RedisRefusal
{
    public const string Cluster = "is part of a cluster, which is not supported: name one primary outside of a cluster in Redis:addresses";
    public const string Replica = "is a replica and takes no writes: name its primary in Redis:addresses";
    private const int MaxShown = 200;

    /// <summary>The first word of an error, such as <c>NOSCRIPT</c>; empty when there is none.</summary>
    public static string CodeOf(RespValue error)
    {
        var text = error.AsText();
        var end = text.IndexOf(' ', StringComparison.Ordinal);
        var code = end < 0 ? text : text[..end];
        return code.Length <= 20 && code.All(char.IsAsciiLetterUpper) ? code : string.Empty;
    }

    public static RedisOutageException Of(RespValue error) => new(CodeOf(error) switch
    {
        "NOAUTH" => "wants a password: set Redis:password",
        "WRONGPASS" => "refuses the password: look at Redis:user_name and Redis:password",
        "NOPERM" => "does not let the user do what is needed; docs/operations.md has the rule for its access control list. It said: " + Show(error),
        "DENIED" => "is in protected mode: give it a password, or let it listen on the loopback address alone",
        "LOADING" => "is loading its data set; it is tried again",
        "READONLY" => Replica,
        "MASTERDOWN" => "is a replica that has lost its primary: name the new primary in Redis:addresses",
        "NOREPLICAS" => "takes no writes because too few replicas are connected (min-replicas-to-write)",
        "MISCONF" => "takes no writes because it cannot save its data set: free its disk, or switch saving off (save \"\"), which nothing of ours needs",
        "OOM" => "is full: raise its maxmemory",
        "BUSY" => "is busy with a script of somebody else",
        "MOVED" or "ASK" or "CLUSTERDOWN" or "CROSSSLOT" or "TRYAGAIN" => Cluster,
        _ => "answered with an error: " + Show(error),
    });

    /// <summary>Where what we sent was a secret: servers repeat arguments of commands that they do not know.</summary>
    public static RedisOutageException OfAuthentication(RespValue error) => CodeOf(error) is "LOADING" or "DENIED" or "MASTERDOWN"
        ? Of(error)
        : new RedisOutageException("refuses the password, or has none set: look at Redis:user_name and Redis:password");

    private static string Show(RespValue error)
    {
        var text = string.Concat(error.AsText().Take(MaxShown).Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '?' : letter));
        return text.Length == 0 ? "nothing" : text;
    }
}
