import { notifyManager, onlineManager, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { App as Stage, ConfigProvider } from 'antd';
import en from 'antd/locale/en_GB';
import zh from 'antd/locale/zh_CN';
import { TextsProvider, useTranslation } from '@/i18n/useTranslation';
import { Problem } from './api/http';
import { Gate } from './layout/Gate';
import { router } from './router';
import { themed, useDark } from './theme';

// A page that opens without a network has to notice when there is one.
onlineManager.setOnline(navigator.onLine);
// Answers that come together are drawn together.
const told: (() => void)[] = [];
notifyManager.setScheduler((tell) => {
  if (told.push(tell) === 1) setTimeout(() => told.splice(0).forEach(safely));
});

/** Who fails keeps nothing from the others. */
function safely(tell: () => void) {
  try {
    tell();
  } catch (error) {
    reportError(error);
  }
}

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      // A question without a network fails at once and says so; it is asked again when there is one.
      networkMode: 'always',
      refetchOnReconnect: true,
      retry: (count, error) => error instanceof Problem && error.status === 0 && count < 2,
    },
  },
});

export function App() {
  return (
    <TextsProvider>
      <Dressed />
    </TextsProvider>
  );
}

function Dressed() {
  const isDark = useDark();
  const { i18n } = useTranslation();
  return (
    <ConfigProvider
      theme={themed(isDark)}
      locale={i18n.language === 'zh' ? zh : en}
      componentSize="small"
      button={{ autoInsertSpace: false }}
    >
      <Stage notification={{ placement: 'bottomRight' }}>
        <QueryClientProvider client={queries}>
          <Gate>
            <RouterProvider router={router} context={{ queries }} />
          </Gate>
        </QueryClientProvider>
      </Stage>
    </ConfigProvider>
  );
}
