namespace ResourceApi;

/// <summary>The orders, in memory; the oldest go when there are more than a hundred.</summary>
internal sealed class OrderBook
{
    private const int Capacity = 100;

    private readonly Lock _lock = new();
    private readonly List<Order> _orders = [new Order(1, "Darjeeling", 2, "the shop", "the shop")];
    private int _last = 1;

    public IReadOnlyCollection<Order> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _orders];
            }
        }
    }

    public Order Add(string item, int quantity, string placedBy, string placedThrough)
    {
        lock (_lock)
        {
            var order = new Order(++_last, item, quantity, placedBy, placedThrough);
            _orders.Add(order);
            _orders.RemoveRange(0, Math.Max(0, _orders.Count - Capacity));
            return order;
        }
    }

    /// <summary>False when this person has placed no such order.</summary>
    public bool TryCancel(int number, string placedBy)
    {
        lock (_lock)
        {
            return _orders.RemoveAll(order => order.Number == number && string.Equals(order.PlacedBy, placedBy, StringComparison.Ordinal)) > 0;
        }
    }
}
