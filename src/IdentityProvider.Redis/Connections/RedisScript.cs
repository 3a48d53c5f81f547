using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Redis.Resp;

namespace IdentityProvider.Redis.Connections;

/// <summary>A script that Redis carries out as one step. It is sent by its name, and whole only when the server does not know it.</summary>
[SuppressMessage("Security", "CA5350", Justification = "Redis names scripts by their SHA-1")]
internal sealed class RedisScript(string text)
{
    private const string Unknown = "NOSCRIPT";
    private readonly string _name = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(text)));

    /// <exception cref="RedisOutageException">It was not carried out, or nobody knows; after an error reply the connection is closed too.</exception>
    public async Task<RespValue> RunAsync(
        RedisConnection connection, IReadOnlyList<RespArgument> keys, IReadOnlyList<RespArgument> arguments, CancellationToken cancellationToken)
    {
        RespArgument[] rest = [keys.Count, .. keys, .. arguments];
        var reply = await connection.SendAsync(RespCommand.Of(["EVALSHA", _name, .. rest]), cancellationToken);
        if (reply.Kind == RespKind.Error && RedisRefusal.CodeOf(reply) is Unknown)
        {
            reply = await connection.SendAsync(RespCommand.Of(["EVAL", text, .. rest]), cancellationToken);
        }

        if (reply.Kind != RespKind.Error)
        {
            return reply;
        }

        var refusal = RedisRefusal.Of(reply);
        connection.Close(refusal);
        throw refusal;
    }
}
