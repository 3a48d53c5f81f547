using IdentityProvider.Protocol.Sessions;

namespace IdentityProvider.Server.Pages;

/// <summary>Sessions in the words people use.</summary>
internal sealed class SessionTexts(TimeTexts times, DeviceNames devices)
{
    public SessionLine LineOf(Session session, IReadOnlyList<string> clients, bool isThis) => new(
        session.Sid,
        devices.Of(session.UserAgent),
        session.RemoteAddress,
        times.Ago(session.CreatedAt),
        times.Ago(session.LastSeenAt),
        clients,
        isThis);
}

/// <summary>One session as its person sees it.</summary>
internal sealed record SessionLine(
    string Sid, string Device, string? Address, string Started, string LastSeen, IReadOnlyList<string> Clients, bool IsThis);
