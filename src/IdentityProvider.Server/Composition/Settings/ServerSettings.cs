using IdentityProvider.Admin.Declared;
using IdentityProvider.Protocol.Configuration;

namespace IdentityProvider.Server.Composition.Settings;

/// <summary>The configuration as read: complete, checked member by member, not yet checked against the database.</summary>
internal sealed class ServerSettings
{
    private readonly Dictionary<Type, object> _options;

    public ServerSettings(Dictionary<Type, object> options, DeclaredObjects declared, bool isDevelopment, string dataFolder)
    {
        _options = options;
        Declared = declared;
        IsDevelopment = isDevelopment;
        DataFolder = dataFolder;
    }

    public bool IsDevelopment { get; }

    /// <summary>Absolute; exists only once something was written.</summary>
    public string DataFolder { get; }

    public DeclaredObjects Declared { get; }

    public ProtocolOptions Protocol => Get<ProtocolOptions>();

    /// <summary>Every options object, by its type.</summary>
    public IReadOnlyDictionary<Type, object> All => _options;

    public T Get<T>()
        where T : class => (T)_options[typeof(T)];
}
